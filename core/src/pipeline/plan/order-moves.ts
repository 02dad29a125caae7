import { unmakeMove } from './find-moves.ts';
import type { Plan } from './plan.ts';
import type { PlanRecord } from './plan-record.ts';

/**
 * The moves of a plan in waves: those of a wave do not touch each other, and each finds its target free once the waves before
 * it are done. When what is at a target moves away itself, that move is in an earlier wave. A circle (two files that changed
 * names) has no such order: one of its moves becomes a store.
 */
export function orderMoves(plan: Plan): number[][] {
  const waves: number[][] = [];
  const waveOf = new Map<number, number>();
  for (const record of plan.records('move')) placeChain(plan, record, waves, waveOf);
  return waves;
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
