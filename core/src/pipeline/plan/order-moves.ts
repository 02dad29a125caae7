import type { RelPath } from '../../contracts/rel-path.ts';
import { KIND_DIRECTORY } from '../../entries/stat-record.ts';
import { isWithin } from '../../paths/rel-path.ts';
import { unmakeMove } from './find-moves.ts';
import type { Plan } from './plan.ts';
import { type PlanRecord, RecordFlag } from './plan-record.ts';

/**
 * The moves of a plan in waves: those of a wave do not touch each other, and each finds its target free once the waves before
 * it are done. When what is at a target moves away itself, that move is in an earlier wave. A circle (two files that changed
 * names) has no such order: one of its moves becomes a store.
 */
export function orderMoves(plan: Plan): number[][] {
  unmakeBlockedMoves(plan);
  const waves: number[][] = [];
  const waveOf = new Map<number, number>();
  for (const record of plan.records('move')) placeChain(plan, record, waves, waveOf);
  return waves;
}

/** The waves without the moves that were taken back since: to have one less is no trouble to the others. */
export function dropUnmade(plan: Plan, waves: readonly (readonly number[])[]): number[][] {
  return waves.map((wave) => wave.filter((position) => plan.read(position).op === 'move')).filter((wave) => wave.length > 0);
}

/** Moves come before anything else: one into a directory that something must make way for first becomes a store. */
function unmakeBlockedMoves(plan: Plan): void {
  let blocked: RelPath | undefined;
  for (const record of plan.records()) {
    if (record.has(RecordFlag.obstacle) && record.sourceKind === KIND_DIRECTORY) blocked = record.path;
    else if (record.op === 'move' && blocked !== undefined && isWithin(record.path, blocked)) unmakeMove(plan, record);
  }
}

function placeChain(plan: Plan, start: PlanRecord, waves: number[][], waveOf: Map<number, number>): void {
  const chain: number[] = [];
  let wave = 0;
  for (let at: PlanRecord | undefined = start; at !== undefined; at = blocker(plan, at.position)) {
    const placed = waveOf.get(at.position);
    if (placed !== undefined) {
      wave = placed + 1;
      break;
    }
    if (chain.includes(at.position)) {
      unmakeMove(plan, plan.read(chain.pop() ?? at.position));
      break;
    }
    chain.push(at.position);
  }
  for (const position of chain.reverse()) {
    waveOf.set(position, wave);
    (waves[wave++] ??= []).push(position);
  }
}

/** The move that takes away what is now at this move's target. */
function blocker(plan: Plan, position: number): PlanRecord | undefined {
  const { taker } = plan.read(position);
  return taker < 0 ? undefined : plan.read(taker);
}
