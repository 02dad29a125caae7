import type { CallOptions } from '../../contracts/call-options.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { EntryBatch, ScanOptions } from '../../contracts/source.ts';
import { rootPath } from '../../paths/rel-path.ts';
import type { LayoutSession, RecordedBlock } from '../../pipeline/layout.ts';

/** A tree without records or safety net: what a restore writes to. */
export class PlainSession implements LayoutSession {
  readonly destination: Destination;
  readonly keepsRecords = false;

  constructor(destination: Destination) {
    this.destination = destination;
  }

  scan(options: ScanOptions): AsyncIterable<EntryBatch> | undefined {
    const { directories } = this.destination.capabilities;
    return directories === undefined ? undefined : directories.scan(rootPath, options);
  }

  recorded(): AsyncIterable<RecordedBlock> | undefined {
    return undefined;
  }

  displacedKey(): RelPath | undefined {
    return undefined;
  }

  begin(): Promise<void> {
    return Promise.resolve();
  }

  announceMoves(): Promise<void> {
    return Promise.resolve();
  }

  makeRoom(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async commit({ options }: { readonly options: CallOptions }): Promise<undefined> {
    await this.destination.flush(options);
  }
}
