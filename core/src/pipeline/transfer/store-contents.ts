import type { BatchResult, StoreContentOperation } from '../../contracts/batch.ts';
import type { ContentBatchCapability } from '../../contracts/capabilities.ts';
import type { Source } from '../../contracts/source.ts';
import type { Operation, OperationOf } from './operation.ts';
import type { OperationContext } from './operation-context.ts';
import { FileAssembly } from './file-assembly.ts';

/** A larger file is written as it is read, by a call of its own. */
const LARGE_BYTES = 8n * 2n ** 20n;
/** Files that are asked for together: so much of them may wait in memory. */
const WINDOW_BYTES = 48n * 2n ** 20n;
const WINDOW_ENTRIES = 4096;
/** Operations that are handed on at once. */
const GROUP = 256;

type Store = OperationOf<'store'>;
type ReadMany = NonNullable<Source['readMany']>;

/** Whether an operation makes something that fits into memory. */
export function fitsInMemory(operation: Operation): operation is Store {
  if (operation.op !== 'store' || operation.entry.kind === 'image') return false;
  return operation.entry.kind !== 'file' || operation.entry.size <= LARGE_BYTES;
}

/**
 * Makes many small things of a source that has them in an order of its own: their bytes are read as it prefers, several files at once, and
 * handed to the destination's threads. Operations that do not fit in memory are passed over.
 */
export async function* storeContents(
  operations: Iterable<Operation>,
  contentBatch: ContentBatchCapability,
  readMany: ReadMany,
  context: OperationContext,
): AsyncGenerator<readonly BatchResult[]> {
  const failed: BatchResult[] = [];
  const filled = fillWindows(operations, readMany, context, failed);
  for await (const results of contentBatch.run(filled, context.batch)) {
    if (failed.length > 0) yield failed.splice(0);
    yield results;
  }
  if (failed.length > 0) yield failed;
}

async function* fillWindows(
  operations: Iterable<Operation>,
  readMany: ReadMany,
  context: OperationContext,
  failed: BatchResult[],
): AsyncGenerator<readonly StoreContentOperation[]> {
  let window: Store[] = [];
  let bytes = 0n;
  for (const operation of operations) {
    if (!fitsInMemory(operation)) continue;
    window.push(operation);
    if (operation.entry.kind === 'file') bytes += operation.entry.size;
    if (window.length < WINDOW_ENTRIES && bytes < WINDOW_BYTES) continue;
    yield* fillWindow(window, readMany, context, failed);
    window = [];
    bytes = 0n;
  }
  yield* fillWindow(window, readMany, context, failed);
}

async function* fillWindow(
  window: readonly Store[],
  readMany: ReadMany,
  { source, batch }: OperationContext,
  failed: BatchResult[],
): AsyncGenerator<readonly StoreContentOperation[]> {
  const metadata = await source.describe(
    window.map(({ entry }) => entry),
    batch,
  );
  const files: FileAssembly[] = [];
  let group: StoreContentOperation[] = [];
  for (const [index, store] of window.entries()) {
    const file = new FileAssembly(store, metadata[index] ?? store.entry.metadata);
    if (file.isWhole) group.push(file.operation());
    else files.push(file);
  }
  for await (const answer of readMany(
    files.map(({ request }) => request),
    batch,
  )) {
    const file = files[answer.index] as FileAssembly;
    if (answer.error !== undefined) file.fail(answer.error);
    else if (file.add(answer)) group.push(file.operation());
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
  for (const file of files) failed.push(...file.failures());
}
