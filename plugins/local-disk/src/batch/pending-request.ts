import type { BatchOptions, DigestAlgorithm, StoreContentOperation } from '@holdfast/core/plugin';
import { ContentColumns } from './content-columns.ts';
import { directoryOf, GroupColumns, isIn } from './group-columns.ts';
import type { EntryOperation } from './entry-operation.ts';
import type { FileColumns } from './file-columns.ts';
import type { SentColumns } from './sent-columns.ts';

/** A request to a worker is sent when it holds so much. */
const REQUEST_ENTRIES = 512;
const REQUEST_BYTES = 8 * 2 ** 20;

/** Operations on entries until they are sent, those of one directory together. */
export class PendingRequest {
  readonly columns: SentColumns[] = [];
  count = 0;
  bytes = 0;
  /** What takes a further operation. */
  #last: GroupColumns | undefined;
  #lastContent: ContentColumns | undefined;

  get isFull(): boolean {
    return this.count >= REQUEST_ENTRIES || this.bytes >= REQUEST_BYTES;
  }

  addContent(operation: StoreContentOperation, digest: DigestAlgorithm | undefined): void {
    let columns = this.#lastContent;
    if (columns === undefined || !columns.takes(operation)) {
      columns = new ContentColumns(operation, digest);
      this.columns.push(columns);
      this.#lastContent = columns;
    }
    columns.add(operation);
    this.count++;
    this.bytes += operation.bytes.length;
  }

  addFiles(files: FileColumns): void {
    this.#last = undefined;
    this.columns.push(files);
    this.count += files.count;
    this.bytes += files.bytes;
  }

  add(operation: EntryOperation, digest: DigestAlgorithm | undefined): void {
    let columns = this.#last;
    if (columns === undefined || !isIn(operation.key, columns.directory) || !columns.takes(operation, digest)) {
      columns = new GroupColumns(directoryOf(operation.key), operation, digest);
      this.columns.push(columns);
      this.#last = columns;
    }
    columns.add(operation);
    this.count++;
    this.bytes += movedBytes(operation);
  }
}

/** Bytes that the operation moves through memory, roughly. */
export function movedBytes(operation: EntryOperation): number {
  if (operation.op === 'inspect' || operation.op === 'metadata') return 0;
  return operation.entry.kind === 'file' ? Number(operation.entry.size) : 0;
}

/** The digest to compute of what the operation reads. */
export function digestFor(operation: EntryOperation, { digest }: BatchOptions): DigestAlgorithm | undefined {
  return operation.op === 'inspect' ? operation.digest : digest;
}
