import { encodeText } from '@holdfast/core/plugin';
import type { DigestAlgorithm, RelPath, StoreContentOperation } from '@holdfast/core/plugin';
import { fromCoreDevice, typeOfKind } from '../store/node-type.ts';
import { toCString } from '../syscalls/c-string.ts';
import { type EntryContent, GroupOp, MAKE_NOW } from './batch-protocol.ts';
import type { Group } from './batch-protocol.ts';
import type { SentOperation } from './entry-operation.ts';
import { directoryOf, isIn } from './group-columns.ts';
import type { SentColumns } from './sent-columns.ts';

/** Entries of one directory that come with what they are to be. */
export class ContentColumns implements SentColumns {
  readonly directory: RelPath;
  readonly stores = true;
  readonly ids = undefined;
  bytes = 0;
  readonly #digest: DigestAlgorithm | undefined;
  /** Until they are sent. */
  #operations: StoreContentOperation[] = [];
  readonly #sent: SentOperation[] = [];

  constructor(first: StoreContentOperation, digest: DigestAlgorithm | undefined) {
    this.directory = directoryOf(first.key);
    this.#digest = digest;
  }

  get count(): number {
    return this.#sent.length;
  }

  takes(operation: StoreContentOperation): boolean {
    return isIn(operation.key, this.directory);
  }

  add(operation: StoreContentOperation): void {
    const { op, id, key, displaceTo } = operation;
    this.#operations.push(operation);
    this.#sent.push({ op, id, key, ...(displaceTo === undefined ? {} : { displaceTo }) });
    this.bytes += operation.bytes.length;
  }

  operation(index: number): SentOperation {
    return this.#sent[index]!;
  }

  /** They are made where they belong: what cannot be renamed into its place could not be made again, as its bytes are gone. */
  finish(_stage: number, firstTemp: number): Group {
    const operations = this.#operations;
    this.#operations = [];
    const memory = new Uint8Array(this.bytes);
    let offset = 0;
    const contents = operations.map((operation): EntryContent => {
      memory.set(operation.bytes, offset);
      offset += operation.bytes.length;
      return contentOf(operation, offset - operation.bytes.length);
    });
    const names = operations.map(({ key }) => key.slice(key.lastIndexOf('/') + 1));
    return {
      directory: new Uint8Array(encodeText(this.directory)),
      stage: MAKE_NOW,
      sourceRoot: new Uint8Array(),
      sourceDirectory: new Uint8Array(),
      ops: new Uint8Array(operations.length).fill(GroupOp.content),
      names: new Uint8Array(encodeText(`${names.join('\0')}\0`)),
      expected: new BigUint64Array(),
      contents: { entries: contents, memory },
      ...(this.#digest === undefined ? {} : { digest: this.#digest }),
      firstTemp,
    };
  }
}

function contentOf({ entry, metadata, bytes }: StoreContentOperation, offset: number): EntryContent {
  const { mode, uid, gid, atimeNs, mtimeNs, xattrs, flags } = metadata;
  return {
    type: typeOfKind(entry.kind),
    offset,
    length: bytes.length,
    stat: { mode, uid, gid, atimeNs, mtimeNs },
    ...(xattrs === undefined
      ? {}
      : { xattrs: Array.from(xattrs, ([name, value]) => [toCString(encodeText(name)), value] as const) }),
    ...(flags === undefined ? {} : { flags }),
    ...(entry.kind === 'symlink' ? { target: new Uint8Array(encodeText(entry.target)) } : {}),
    ...('device' in entry ? { device: fromCoreDevice(entry.device) } : {}),
  };
}
