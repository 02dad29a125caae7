import { encodeText } from '@holdfast/core/plugin';
import type { DigestAlgorithm, LocalFile, RelPath } from '@holdfast/core/plugin';
import { EXPECTED_NUMBERS, GroupOp, MUST_EXIST, UNKNOWN_TIME } from './batch-protocol.ts';
import type { Group } from './batch-protocol.ts';
import type { EntryOperation } from './entry-operation.ts';
import type { SentColumns } from './sent-columns.ts';

/** Operations on entries of one directory, from one directory of one source, until they become a `Group`. */
export class GroupColumns implements SentColumns {
  readonly directory: RelPath;
  readonly ids = undefined;
  readonly #operations: EntryOperation[] = [];
  /** At least one makes something. */
  stores = false;
  /** Bytes that files hold. */
  bytes = 0;
  readonly #local: LocalFile | undefined;
  readonly #sourceDirectory: string;
  readonly #digest: DigestAlgorithm | undefined;
  #sameNames = true;

  constructor(directory: RelPath, operation: EntryOperation, digest: DigestAlgorithm | undefined) {
    this.directory = directory;
    this.#local = localOf(operation);
    this.#sourceDirectory = directoryOf(this.#local?.path ?? '');
    this.#digest = digest;
  }

  /** Whether `operation`, whose key lies in `directory`, belongs in here. */
  takes(operation: EntryOperation, digest: DigestAlgorithm | undefined): boolean {
    const local = localOf(operation);
    const mine = this.#local;
    if (local === undefined || mine === undefined) return local === mine && digest === this.#digest;
    return local.root === mine.root && isIn(local.path, this.#sourceDirectory) && digest === this.#digest;
  }

  add(operation: EntryOperation): void {
    const { op } = operation;
    this.#operations.push(operation);
    if (op === 'inspect') return;
    if (op === 'store') this.stores = true;
    if (nameOf(operation.local.path) !== nameOf(operation.key)) this.#sameNames = false;
    if (operation.entry.kind === 'file' && op !== 'metadata') this.bytes += Number(operation.entry.size);
  }

  get count(): number {
    return this.#operations.length;
  }

  operation(index: number): EntryOperation {
    return this.#operations[index]!;
  }

  /** @param stage number of the temporary directory that may stand for the directory, or MAKE_NOW */
  finish(stage: number, firstTemp: number): Group {
    const operations = this.#operations;
    const local = this.#local;
    return {
      directory: encodeCompactly(this.directory),
      stage: this.stores ? stage : MUST_EXIST,
      sourceRoot: encodeCompactly(local?.root ?? ''),
      sourceDirectory: encodeCompactly(this.#sourceDirectory),
      ops: Uint8Array.from(operations, groupOpOf),
      names: namesOf(operations.map(({ key }) => key)),
      ...(this.#sameNames ? {} : { sourceNames: namesOf(operations.map((operation) => localOf(operation)?.path ?? '')) }),
      expected: expectedOf(operations),
      ...(this.#digest === undefined ? {} : { digest: this.#digest }),
      firstTemp,
    };
  }
}

/** Bytes in memory of their own: a view would take all that it is a view of along to the worker. */
function encodeCompactly(text: string): Uint8Array {
  return new Uint8Array(encodeText(text));
}

/** Whether `path` is an entry of the directory `directory`. */
export function isIn(path: string, directory: string): boolean {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? directory === '' : slash === directory.length && path.startsWith(directory);
}

export function directoryOf(path: string): RelPath {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0)) as RelPath;
}

/** The root is itself in its directory. */
function nameOf(path: string): string {
  return path === '' ? '.' : path.slice(path.lastIndexOf('/') + 1);
}

function localOf(operation: EntryOperation): LocalFile | undefined {
  return 'local' in operation ? operation.local : undefined;
}

function namesOf(paths: readonly string[]): Uint8Array {
  return encodeCompactly(`${paths.map(nameOf).join('\0')}\0`);
}

function groupOpOf(operation: EntryOperation): number {
  switch (operation.op) {
    case 'store':
      return operation.entry.kind === 'file' ? GroupOp.file : GroupOp.special;
    case 'metadata':
      return GroupOp.metadata;
    case 'compare':
      return operation.what === 'content' ? GroupOp.compareContent : GroupOp.compareMetadata;
    case 'inspect':
      return operation.digest === undefined ? GroupOp.inspect : GroupOp.inspectDigest;
    default:
      return operation satisfies never;
  }
}

function expectedOf(operations: readonly EntryOperation[]): BigUint64Array {
  const numbers = new BigUint64Array(operations.length * EXPECTED_NUMBERS);
  operations.forEach((operation, index) => {
    if (operation.op === 'inspect') return;
    const { entry, local } = operation;
    const at = index * EXPECTED_NUMBERS;
    numbers[at] = local.dev;
    numbers[at + 1] = local.ino;
    if (entry.kind === 'file') numbers[at + 2] = entry.size;
    numbers[at + 3] = entry.identity?.ctimeNs ?? UNKNOWN_TIME;
  });
  return numbers;
}
