import type { CountedCall, Fault, FaultEffect, FaultScript } from './fault-script.ts';
import { SeededRandom } from './seeded-random.ts';

/** Says which fault befalls which call, and keeps count. */
export class FaultCounter {
  readonly calls: CountedCall[] = [];
  readonly #faults: readonly Fault[];
  readonly #seen: number[];
  readonly #random: SeededRandom;

  constructor(script: FaultScript) {
    this.#faults = script.faults;
    this.#seen = script.faults.map(() => 0);
    this.#random = new SeededRandom(script.seed ?? 1);
  }

  /** Counts a call and answers what befalls it; of several faults the first. */
  count(call: CountedCall): FaultEffect | undefined {
    this.calls.push(call);
    const due = this.#faults.filter((fault, index) => this.#isDue(fault, index, call));
    return due[0]?.effect;
  }

  #isDue(fault: Fault, index: number, { call, key }: CountedCall): boolean {
    if ((fault.call !== '*' && fault.call !== call) || (fault.key !== undefined && fault.key !== key)) return false;
    const seen = (this.#seen[index] = (this.#seen[index] ?? 0) + 1);
    const first = fault.nth ?? 1;
    if (seen < first || seen >= first + (fault.times ?? Infinity)) return false;
    return fault.chance === undefined || this.#random.fraction() < fault.chance;
  }
}
