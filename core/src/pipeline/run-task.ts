import type { BatchOptions } from '../contracts/batch.ts';
import { clearTheWay, makeLinks, transfer } from './stages/transfer.ts';
import { countOutcome } from './count-outcome.ts';
import { dropLeftovers } from './stages/drop-leftovers.ts';
import { failLinks } from './stages/fail-links.ts';
import { makeMoves } from './stages/make-moves.ts';
import { makePlan, type MadePlan } from './plan/make-plan.ts';
import { retire } from './stages/retire.ts';
import { refreshLinks, settle } from './stages/settle.ts';
import type { RunLog } from './run-log.ts';
import type { RunContext } from './stages/run-stage.ts';
import { showPlan } from './show-plan.ts';
import type { Task } from './task.ts';
import { countStored, verify } from './stages/verify.ts';

/**
 * The one flow of everything that Holdfast copies: scan, plan, transfer, retire, settle, commit. Answers the new version's id, if
 * the layout keeps any; `log` has counted what became of every entry, also when this rejects.
 * Rejects with a HoldfastError when the run as a whole cannot go on; what concerns single entries is counted and reported.
 */
export async function runTask(task: Task, log: RunLog): Promise<string | undefined> {
  const operations = {
    source: task.source,
    destination: task.layout.destination,
    batch: batchOptions(task, log),
    recorded: task.layout.keepsRecords,
  };
  using made = await makePlan(task, operations, log);
  for (const skip of made.skips) log.skipSource(skip);
  for (const skip of made.unknown) log.skip(skip);
  log.unknown = made.unknown.length;
  const facts = { ...made, source: task.source, destination: task.layout.destination, options: { signal: task.signal } };
  for (const guard of task.guards) await guard(facts);
  const context: RunContext = { task, plan: made.plan, totals: made.totals, log, operations };
  if (task.dryRun) {
    showPlan(context);
    countOutcome(context, made, 'planned');
    return undefined;
  }
  try {
    return await carryOut(context, made);
  } catch (error) {
    countOutcome(context, made, 'cut short');
    throw error;
  }
}

async function carryOut(context: RunContext, made: MadePlan): Promise<string | undefined> {
  const { task, log, plan } = context;
  await task.layout.begin({ signal: task.signal });
  await dropLeftovers(context, made.leftovers);
  if (made.totals.changes > 0) {
    log.enter('transfer', {
      files: made.totals.stores + made.totals.metadata + made.totals.links + made.totals.moves,
      bytes: made.totals.storeBytes,
    });
    await makeMoves(context, made.moves);
    await clearTheWay(context);
    await transfer(context);
    await makeLinks(context);
    log.enter('verify', countStored(plan));
    await verify(context);
    failLinks(context);
    const complete = countFailed(context) === 0 && made.skips.length + made.unknown.length === 0;
    log.enter('retire');
    if (complete) await retire(context);
    else if (made.totals.retires > 0)
      log.warn(
        'partial',
        `Nothing was deleted: ${made.totals.retires} entries that the source does not have stay, because others could not be copied.`,
      );
    log.enter('settle');
    await settle(context);
    await refreshLinks(context);
    log.reportNotKept();
  }
  log.enter('commit');
  const complete = countFailed(context) === 0 && made.skips.length + made.unknown.length === 0;
  countOutcome(context, made, 'finished');
  const { counts, bytes, verified, archived, notKept } = log;
  const options = { signal: task.signal };
  return task.layout.commit({ plan, source: task.source, complete, counts, bytes, verified, archived, notKept, options });
}

function countFailed({ plan }: RunContext): number {
  let failed = 0;
  for (const record of plan.records()) if (record.state === 2) failed++;
  return failed;
}

function batchOptions(task: Task, log: RunLog): BatchOptions {
  return {
    signal: task.signal,
    digest: 'blake3',
    runId: task.runId,
    preserve: { owner: task.rules.owner, xattrs: task.rules.xattrs },
    onProgress: (id, bytes) => log.moved(id, bytes),
    ...(task.concurrency === undefined ? {} : { concurrency: task.concurrency }),
    ...(task.takeBytes === undefined ? {} : { takeBytes: task.takeBytes }),
  };
}
