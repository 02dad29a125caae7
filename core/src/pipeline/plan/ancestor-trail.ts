import type { RelPath } from '../../contracts/rel-path.ts';
import type { DestinationCursor, RecordedCursor, SourceCursor } from '../join/three-way-join.ts';
import type { Plan } from './plan.ts';
import { RecordFlag } from './plan-record.ts';

interface Ancestor {
  readonly path: RelPath;
  readonly device: bigint;
  readonly source: Uint8Array;
  readonly destination: Uint8Array | undefined;
  readonly recorded: Uint8Array | undefined;
  readonly extras: Uint8Array | undefined;
  /** Position of its record; -1 while nothing below it changes. */
  position: number;
}

/**
 * The unchanged directories above the current entry. Changing what is in a directory changes its times, so each gets a record,
 * in tree order, right before the first record of something below it: its times are put right at the end of the run.
 */
export class AncestorTrail {
  readonly #plan: Plan;
  readonly #ancestors: (Ancestor | undefined)[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** An unchanged directory is entered. */
  enter(source: SourceCursor, destination: DestinationCursor | undefined, recorded: RecordedCursor | undefined): void {
    this.#ancestors[source.depth] = {
      path: source.path,
      device: source.device,
      source: source.stat,
      destination:
        destination?.stat ??
        recorded?.block.destinationStats.subarray(recorded.statOffset, recorded.statOffset + recorded.stat.length),
      recorded: recorded?.stat,
      extras: recorded?.block.extrasAt(recorded.index),
      position: -1,
    };
  }

  /** An entry at `depth` has a record of its own; what comes deeper (what a file replaced, too) is not in the directory that was there before. */
  leave(depth: number): void {
    this.#ancestors[depth] = undefined;
  }

  /** Something at `depth` is about to get a record that changes its directory. */
  touch(depth: number): void {
    for (let at = 0; at < depth; at++) {
      const ancestor = this.#ancestors[at];
      if (ancestor === undefined || ancestor.position >= 0) continue;
      ancestor.position = this.#plan.append({
        op: 'keep',
        reason: 'same',
        path: ancestor.path,
        depth: at,
        flags: RecordFlag.settle | RecordFlag.counted,
        device: ancestor.device,
        source: ancestor.source,
        destination: ancestor.destination,
        manifest: ancestor.recorded,
        extras: ancestor.extras,
      });
    }
  }
}
