import type { BatchResult } from '../../contracts/batch.ts';
import { toHoldfastError } from '../../errors/holdfast-error.ts';
import { compareSingly } from './compare-singly.ts';
import type { Operation } from './operation.ts';
import type { OperationContext } from './operation-context.ts';
import { linkSingly, metadataSingly, moveSingly, storeSingly } from './store-singly.ts';
import { inspectSingly } from './inspect-singly.ts';

/** Carries out operations by the destination's single calls, as many at once as it serves well. */
export async function* runSingly(
  operations: Iterable<Operation>,
  context: OperationContext,
): AsyncGenerator<readonly BatchResult[]> {
  const limit = context.batch.concurrency ?? context.destination.traits.maxConnections;
  const running = new Map<number, Promise<BatchResult>>();
  for (const operation of operations) {
    context.batch.signal?.throwIfAborted();
    running.set(operation.id, attempt(operation, context));
    if (running.size >= limit) yield [await takeFirst(running)];
  }
  while (running.size > 0) yield [await takeFirst(running)];
}

async function takeFirst(running: Map<number, Promise<BatchResult>>): Promise<BatchResult> {
  const result = await Promise.race(running.values());
  running.delete(result.id);
  return result;
}

async function attempt(operation: Operation, context: OperationContext): Promise<BatchResult> {
  try {
    return { id: operation.id, ...(await carryOut(operation, context)) };
  } catch (thrown) {
    const error = toHoldfastError(thrown);
    return { id: operation.id, error: { code: error.code, message: error.message, hint: error.hint } };
  }
}

async function carryOut(operation: Operation, context: OperationContext): Promise<Omit<BatchResult, 'id'>> {
  switch (operation.op) {
    case 'store':
      return storeSingly(operation, context);
    case 'link':
      return linkSingly(operation, context);
    case 'metadata':
      return metadataSingly(operation, context);
    case 'move':
      return moveSingly(operation, context);
    case 'remove':
      await context.destination.remove(operation.key, context.batch);
      return {};
    case 'compare':
      return compareSingly(operation, context);
    case 'inspect':
      return inspectSingly(operation, context);
    default:
      return operation satisfies never;
  }
}
