import type { DestinationCursor, RecordedCursor, SourceCursor } from '../join/three-way-join.ts';
import type { Plan } from './plan.ts';
import { RecordFlag } from './plan-record.ts';

interface Ancestor {
  readonly pathBytes: Uint8Array;
  readonly depth: number;
  readonly device: bigint;
  readonly source: Uint8Array;
  readonly destination: Uint8Array | undefined;
  readonly recorded: Uint8Array | undefined;
  /** Asked for only where something below changes: finding it may mean unpacking a block. */
  readonly extras: () => Uint8Array | undefined;
  /** Position of its record; -1 while nothing below it has one. */
  position: number;
  /** Something below it changes. */
  isTouched: boolean;
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
      pathBytes: source.pathBytes,
      depth: source.depth,
      device: source.device,
      source: source.stat,
      destination:
        destination?.stat ??
        recorded?.block.destinationStats.subarray(recorded.statOffset, recorded.statOffset + recorded.stat.length),
      recorded: recorded?.stat,
      extras: extrasOf(recorded),
      position: -1,
      isTouched: false,
    };
  }

  /** An entry at `depth` has a record of its own; what comes deeper (what a file replaced, too) is not in the directory that was there before. */
  leave(depth: number): void {
    this.#ancestors[depth] = undefined;
  }

  /** Something at `depth` is about to get a record that changes its directory. */
  touch(depth: number): void {
    for (const ancestor of this.#above(depth)) {
      if (ancestor.isTouched) continue;
      ancestor.isTouched = true;
      if (ancestor.position < 0) this.#append(ancestor, RecordFlag.settle);
      else touchDirectory(this.#plan, ancestor.position);
    }
  }

  /** Something at `depth` is about to get a record that changes nothing: the records of the directories above it must come before it. */
  precede(depth: number): void {
    for (const ancestor of this.#above(depth)) if (ancestor.position < 0) this.#append(ancestor, RecordFlag.noRow);
  }

  #above(depth: number): Ancestor[] {
    return this.#ancestors.slice(0, depth).filter((ancestor) => ancestor !== undefined);
  }

  #append(ancestor: Ancestor, flag: number): void {
    const { pathBytes, depth, device, source, destination, recorded, extras } = ancestor;
    const flags = RecordFlag.counted | flag;
    ancestor.position = this.#plan.append({
      op: 'keep',
      reason: 'same',
      pathBytes,
      depth,
      flags,
      device,
      source,
      destination,
      manifest: recorded,
      extras: extras(),
    });
  }
}

function extrasOf(recorded: RecordedCursor | undefined): () => Uint8Array | undefined {
  if (recorded === undefined) return () => undefined;
  const { block, index } = recorded;
  return () => block.extrasAt(index);
}

/** What is in a directory that has a record changes after all. */
export function touchDirectory(plan: Plan, position: number): void {
  plan.change(position, { addFlags: RecordFlag.settle, dropFlags: RecordFlag.noRow });
}
