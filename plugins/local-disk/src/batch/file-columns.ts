import { decodeText, encodeText, STAT_BYTES, unpackEntry } from '@holdfast/core/plugin';
import type { DigestAlgorithm, RelPath, StoreFilesOperation } from '@holdfast/core/plugin';
import type { Group } from './batch-protocol.ts';
import type { EntryOperation } from './entry-operation.ts';
import { splitNames } from './group-names.ts';
import type { SentColumns } from './sent-columns.ts';

/** Files that came packed. */
export class FileColumns implements SentColumns {
  readonly directory: RelPath;
  readonly count: number;
  readonly stores = true;
  readonly bytes: number;
  readonly ids: Float64Array;
  readonly #files: StoreFilesOperation;
  readonly #digest: DigestAlgorithm | undefined;

  constructor(files: StoreFilesOperation, digest: DigestAlgorithm | undefined) {
    this.directory = decodeText(files.directory) as RelPath;
    this.count = files.ids.length;
    this.bytes = files.bytes;
    this.ids = files.ids;
    this.#files = files;
    this.#digest = digest;
  }

  finish(stage: number, firstTemp: number): Group {
    const { directory, localRoot, names, stats, device } = this.#files;
    return {
      directory,
      stage,
      sourceRoot: new Uint8Array(encodeText(localRoot)),
      sourceDirectory: directory,
      names,
      expected: { stats, device },
      ...(this.#digest === undefined ? {} : { digest: this.#digest }),
      firstTemp,
    };
  }

  operation(index: number): EntryOperation {
    const { ids, localRoot, stats, device, names } = this.#files;
    const name = decodeText(splitNames(names, index + 1)[index]!.subarray(0, -1));
    const key = (this.directory === '' ? name : `${this.directory}/${name}`) as RelPath;
    const entry = unpackEntry(key, Buffer.from(stats.buffer, stats.byteOffset, stats.length), index * STAT_BYTES, device, '');
    const { ino = 0n } = entry.identity ?? {};
    return { op: 'store', id: ids[index]!, key, entry, local: { root: localRoot, path: key, dev: device, ino } };
  }
}
