import type { EntryBlock } from '../../contracts/entry-block.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { Selection } from '../../contracts/selection.ts';
import type { ScanSkip } from '../../contracts/source.ts';
import { withoutState } from '../../entries/without-state.ts';
import { type JoinStreams, joinStreams } from '../join/three-way-join.ts';
import type { RunLog } from '../run-log.ts';
import type { Task } from '../task.ts';
import type { OperationContext } from '../transfer/operation-context.ts';
import { confirmPlan } from './confirm.ts';
import { failUnknown } from './fail-unknown.ts';
import { findMoves } from './find-moves.ts';
import { keepUnread } from './keep-unread.ts';
import { dropUnmade, orderMoves } from './order-moves.ts';
import type { NameCollisions } from './name-collisions.ts';
import { Plan } from './plan.ts';
import { PlanBuilder, type PlanCounts, type PlanRules } from './plan-builder.ts';
import { protectExcluded } from './protect-excluded.ts';
import { addUpPlan, type PlanTotals } from './plan-totals.ts';
import { resolveLinks } from './resolve-links.ts';

/** A finished plan with what was learned while it was made. */
export interface MadePlan extends Disposable {
  readonly plan: Plan;
  readonly counts: PlanCounts;
  readonly totals: PlanTotals;
  readonly skips: readonly ScanSkip[];
  /** What could not be looked at where it is at the destination. */
  readonly unknown: readonly ScanSkip[];
  readonly excluded: number;
  readonly collisions: NameCollisions['found'];
  /** Temporary names that an interrupted run left at the destination. */
  readonly leftovers: readonly RelPath[];
  /** Moves by position, in waves that must be made one after the other. */
  readonly moves: readonly (readonly number[])[];
}

/** Scans both sides and decides on every entry. Nothing is written. */
export async function makePlan(task: Task, context: OperationContext, log: RunLog): Promise<MadePlan> {
  const findings: Findings = { skips: [], unknown: [], leftovers: [], excluded: 0 };
  const streams = openStreams(task, log, findings);
  const { traits, capabilities } = task.layout.destination;
  const plan = new Plan(task.scratch);
  try {
    const rules: PlanRules = {
      ...task.rules,
      mtimeResolutionNs: traits.mtimeResolutionNs,
      exactNames: traits.caseSensitive && !traits.normalises,
      trustRecords: streams.destination === undefined,
      links: capabilities.links !== undefined,
    };
    const builder = new PlanBuilder(plan, rules);
    await joinStreams(streams, builder, task.signal);
    await protectExcluded(plan, task);
    keepUnread(plan, findings.skips);
    failUnknown(plan, findings.unknown, log);
    log.enter('compare');
    findMoves(plan, builder.arrived, builder.vacated);
    await confirmPlan(plan, rules, context);
    const moves = builder.vacated.length === 0 ? [] : orderMoves(plan);
    if (builder.hasLinks) resolveLinks(plan);
    const { counts, collisions } = builder;
    return {
      plan,
      counts,
      totals: addUpPlan(plan),
      collisions,
      moves: dropUnmade(plan, moves),
      ...findings,
      [Symbol.dispose]: () => plan[Symbol.dispose](),
    };
  } catch (error) {
    plan[Symbol.dispose]();
    throw error;
  }
}

interface Findings {
  readonly skips: ScanSkip[];
  readonly unknown: ScanSkip[];
  readonly leftovers: RelPath[];
  excluded: number;
}

/** The streams that a plan is made from; what the scans report goes to `findings`. */
function openStreams({ layout, source, selection, signal }: Task, log: RunLog, findings: Findings): JoinStreams {
  const onSkip = (skip: ScanSkip): void => void findings.skips.push(skip);
  const onUnknown = (skip: ScanSkip): void => void findings.unknown.push(skip);
  const onLeftover = (path: RelPath): void => void findings.leftovers.push(path);
  const onExclude = (count: number): void => void (findings.excluded += count);
  const found = layout.scan({
    signal,
    selection: byPathOnly(selection),
    onSkip: onUnknown,
    onExclude: () => undefined,
    onLeftover,
  });
  return {
    destination: found === undefined ? undefined : withoutState(found, selection),
    recorded: layout.recorded({ signal }),
    source: counted(withoutState(source.scan({ signal, selection, onSkip, onExclude }), selection), log),
  };
}

async function* counted(blocks: AsyncIterable<EntryBlock>, log: RunLog): AsyncGenerator<EntryBlock> {
  for await (const block of blocks) {
    log.scanned(block.count);
    yield block;
  }
}

/** What lies at the destination takes part by its path alone: what it is otherwise says nothing about the source's entry. */
function byPathOnly(selection: Selection): Selection {
  const { excludeLargerThan: _size, ...rest } = selection;
  return { ...rest, excludeIfPresent: [], excludeCaches: false, oneFileSystem: false };
}
