import type { BatchOperation, BatchOptions, BatchResult } from '../contracts/batch.ts';
import type { BatchCapability } from '../contracts/capabilities.ts';
import type { Clock } from '../environment/clock.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { FaultCounter } from './fault-counter.ts';
import { after, before } from './fault-effects.ts';
import type { FaultEffect } from './fault-script.ts';

interface FaultyRun {
  readonly operations: AsyncIterable<readonly BatchOperation[]>;
  readonly options: BatchOptions;
  readonly counter: FaultCounter;
  readonly clock: Clock;
}

/** A batch whose call may fail as a whole (`batch.run`), and each of whose operations may (`batch.operation`). */
export async function* runFaultyBatch(batch: BatchCapability, run: FaultyRun): AsyncIterable<readonly BatchResult[]> {
  const { operations, options, counter, clock } = run;
  const call = { name: 'batch.run', key: '' as RelPath, signal: options.signal } as const;
  const effect = counter.count({ call: 'batch.run', key: '' });
  await before(effect, call, clock);
  const lost = new Map<number, FaultEffect & { kind: 'error-after' }>();
  const failed: BatchResult[] = [];
  for await (const results of batch.run(passOn(operations, counter, lost, failed), options)) {
    yield [...failed.splice(0), ...results.map((result) => loseAnswer(result, lost.get(result.id)))];
  }
  if (failed.length > 0) yield failed;
  after(effect, call);
}

/** The operations that no fault stops before they begin. */
async function* passOn(
  operations: FaultyRun['operations'],
  counter: FaultCounter,
  lost: Map<number, FaultEffect & { kind: 'error-after' }>,
  failed: BatchResult[],
): AsyncIterable<readonly BatchOperation[]> {
  for await (const group of operations) {
    const passed: BatchOperation[] = [];
    for (const operation of group) {
      const effect = counter.count({ call: 'batch.operation', key: operation.key });
      if (effect?.kind === 'error')
        failed.push(failure(operation.id, effect.code, `Fault: ${operation.op} "${operation.key}" failed.`));
      else passed.push(operation);
      if (effect?.kind === 'error-after') lost.set(operation.id, effect);
    }
    if (passed.length > 0) yield passed;
  }
}

function loseAnswer(result: BatchResult, effect: (FaultEffect & { kind: 'error-after' }) | undefined): BatchResult {
  return effect === undefined
    ? result
    : failure(result.id, effect.code, 'Fault: the operation was done, but its answer is lost.');
}

function failure(id: number, code: string, message: string): BatchResult {
  return { id, error: { code, message } };
}
