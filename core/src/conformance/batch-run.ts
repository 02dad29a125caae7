import type { BatchOperation, BatchOptions, BatchResult } from '../contracts/batch.ts';
import type { Entry } from '../contracts/entry.ts';
import { unpackEntry } from '../entries/unpack-entry.ts';
import type { CheckContext } from './check-context.ts';
import { keptFields } from './kept-fields.ts';
import type { LocalTree } from './local-tree.ts';
import { expectEqual, expectTrue, fail } from './expectations.ts';

/** An operation without its id. */
export type Job = BatchOperation extends infer Operation
  ? Operation extends BatchOperation
    ? Omit<Operation, 'id'>
    : never
  : never;

/**
 * Carries out jobs as one batch; answers in their order. Fails where one is answered twice or not at all. `onGroup` is told how many
 * were given before each group.
 */
export async function runBatch(
  context: CheckContext,
  jobs: readonly Job[],
  options: Partial<BatchOptions> = {},
  onGroup?: (given: number) => void,
): Promise<BatchResult[]> {
  const answers: BatchResult[] = [];
  const ordinary: BatchOptions = { runId: 'conformance', preserve: { owner: true, xattrs: true } };
  for await (const results of context.capability('batch').run(inGroups(jobs, onGroup), { ...ordinary, ...options })) {
    for (const result of results) {
      expectTrue(jobs[result.id] !== undefined, `a batch answers for the operation ${result.id}, which it was not given`);
      expectTrue(answers[result.id] === undefined, `a batch answers twice for the operation ${result.id}`);
      answers[result.id] = result;
    }
  }
  for (const [id, job] of jobs.entries())
    if (answers[id] === undefined) fail(`a batch does not answer for the operation ${id}, ${job.op} "${job.key}"`);
  return answers;
}

/** As `runBatch`; fails where any of them failed. */
export async function runWell(
  context: CheckContext,
  jobs: readonly Job[],
  options: Partial<BatchOptions> = {},
): Promise<BatchResult[]> {
  const answers = await runBatch(context, jobs, options);
  for (const [id, { error }] of answers.entries())
    expectEqual(error, undefined, `the error of ${jobs[id]?.op} "${jobs[id]?.key}"`);
  return answers;
}

async function* inGroups(jobs: readonly Job[], onGroup?: (given: number) => void): AsyncIterable<readonly BatchOperation[]> {
  for (let start = 0; start < jobs.length; start += 37) {
    await new Promise((resolve) => setImmediate(resolve));
    onGroup?.(start);
    yield jobs.slice(start, start + 37).map((job, index) => ({ ...job, id: start + index }));
  }
}

/** Stores a file of a local tree. `displaceTo` is a name, `to` another name than that in the tree. */
export function storeJob(
  context: CheckContext,
  tree: LocalTree,
  name: string,
  more: { readonly to?: string; readonly displaceTo?: string } = {},
): Job {
  const displaceTo = more.displaceTo === undefined ? {} : { displaceTo: context.key(more.displaceTo) };
  return { op: 'store', key: context.key(more.to ?? name), entry: tree.entry(name), local: tree.file(name), ...displaceTo };
}

/** That an answer tells what was wanted, as far as it was kept: kind, mode, owner and time. */
export function expectAnswer({ destination }: CheckContext, wanted: Entry, answer: BatchResult | undefined): void {
  const target = wanted.kind === 'symlink' ? wanted.target : '';
  const found = answer?.stat && unpackEntry(wanted.path, answer.stat, 0, 0n, target);
  expectEqual(found?.kind, wanted.kind, `the kind that the answer for "${wanted.path}" tells`);
  const kept = keptFields(wanted.metadata, answer?.notKept ?? [], destination.traits);
  // The mode of a symbolic link means nothing.
  const fields = wanted.kind === 'symlink' ? (['mtimeNs', 'uid', 'gid'] as const) : (['mtimeNs', 'uid', 'gid', 'mode'] as const);
  for (const field of fields) {
    if (kept[field] === undefined) continue;
    expectEqual(found?.metadata[field], kept[field], `${field} that the answer for "${wanted.path}" tells`);
  }
}
