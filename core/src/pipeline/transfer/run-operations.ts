import type { BatchOperation, BatchResult, StoredFiles, StoreFilesOperation } from '../../contracts/batch.ts';
import type { PackedBatchCapability } from '../../contracts/capabilities.ts';
import type { Operation } from './operation.ts';
import type { OperationContext } from './operation-context.ts';
import { runSingly } from './run-singly.ts';
import { fitsInMemory, storeContents } from './store-contents.ts';

/** Operations are handed to a batch in groups of this many. */
const GROUP = 512;

/**
 * Carries out operations, in any order, and answers each once: through the destination's batch where it has one and the bytes
 * are on this machine, else one call at a time. `operations` is asked for twice when both ways are needed.
 */
export async function* runOperations(
  operations: () => Iterable<Operation>,
  context: OperationContext,
): AsyncGenerator<readonly BatchResult[]> {
  const { batch, contentBatch } = context.destination.capabilities;
  const { source } = context;
  let left = operations;
  if (contentBatch !== undefined && source.readMany !== undefined) {
    yield* storeContents(operations(), contentBatch, source.readMany.bind(source), context);
    left = () => largeOnes(operations());
  }
  let singly = batch === undefined;
  if (batch !== undefined) {
    const onOther = (): void => void (singly = true);
    yield* batch.run(inGroups(left(), toBatch, onOther), context.batch);
  }
  if (singly) yield* runRest(left(), context);
}

function* largeOnes(operations: Iterable<Operation>): Generator<Operation> {
  for (const operation of operations) if (!fitsInMemory(operation)) yield operation;
}

/** As `runOperations`, where the destination has `packedBatch`: `operations` may hold packed ones too. */
export async function* runPacked(
  operations: () => Iterable<Operation | StoreFilesOperation>,
  packedBatch: PackedBatchCapability,
  context: OperationContext,
): AsyncGenerator<readonly (BatchResult | StoredFiles)[]> {
  let singly = false;
  const onOther = (): void => void (singly = true);
  const asIs = (operation: Operation | StoreFilesOperation): BatchOperation | StoreFilesOperation | undefined =>
    operation.op === 'store-files' ? operation : toBatch(operation);
  yield* packedBatch.run(inGroups(operations(), asIs, onOther), context.batch);
  if (singly) yield* runRest(operations(), context);
}

/** One by one what a batch, where there is one, did not take. */
async function* runRest(
  operations: Iterable<Operation | StoreFilesOperation>,
  context: OperationContext,
): AsyncGenerator<readonly BatchResult[]> {
  const { batch } = context.destination.capabilities;
  const rest = function* (): Generator<Operation> {
    for (const operation of operations)
      if (operation.op !== 'store-files' && (batch === undefined || toBatch(operation) === undefined)) yield operation;
  };
  yield* runSingly(rest(), context);
}

async function* inGroups<From extends { readonly op: string }, To>(
  operations: Iterable<From>,
  convert: (operation: From) => To | undefined,
  onOther: () => void,
): AsyncGenerator<readonly To[]> {
  let group: To[] = [];
  for (const operation of operations) {
    const batched = convert(operation);
    if (batched === undefined) onOther();
    else group.push(batched);
    if (group.length < GROUP && operation.op !== 'store-files') continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** The operation as a batch takes it; undefined when its bytes are not on this machine. */
function toBatch(operation: Operation): BatchOperation | undefined {
  if (!('content' in operation)) return operation;
  if (operation.op === 'link') {
    const { content: _content, entry: _entry, ...link } = operation;
    return link;
  }
  const { local } = operation.content;
  if (local === undefined) return undefined;
  const { id, key, entry } = operation;
  // Written out: this runs for every file, and spreading takes far longer.
  if (operation.op === 'metadata') return { op: 'metadata', id, key, entry, local };
  if (operation.op === 'compare') return { op: 'compare', id, key, entry, local, what: operation.what };
  const { displaceTo } = operation;
  return displaceTo === undefined ? { op: 'store', id, key, entry, local } : { op: 'store', id, key, entry, local, displaceTo };
}
