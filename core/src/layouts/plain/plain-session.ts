import type { CallOptions } from '../../contracts/call-options.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { EntryBlock } from '../../contracts/entry-block.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { ScanOptions } from '../../contracts/source.ts';
import { toEntryBlock } from '../../entries/entry-block-builder.ts';
import { rootPath } from '../../paths/rel-path.ts';
import type { LayoutSession, RecordedBlock } from '../../pipeline/layout.ts';

/** A tree without records or safety net: what a restore writes to. */
export class PlainSession implements LayoutSession {
  readonly destination: Destination;
  readonly keepsRecords = false;

  constructor(destination: Destination) {
    this.destination = destination;
  }

  scan(options: ScanOptions): AsyncIterable<EntryBlock> | undefined {
    const { directories } = this.destination.capabilities;
    return directories === undefined ? undefined : blocksOf(directories.scan(rootPath, options));
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

/** The batches of a destination's scan as blocks. */
export async function* blocksOf(batches: AsyncIterable<Parameters<typeof toEntryBlock>[0]>): AsyncGenerator<EntryBlock> {
  for await (const batch of batches) {
    const block = toEntryBlock(batch);
    if (block.count > 0) yield block;
  }
}
