import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import { CALL_NAMES } from './call-table.ts';
import type { CallKind, CallName } from './call-table.ts';
import { ERRNO } from './errno.ts';
import type { ErrnoName } from './errno.ts';

/** One thing that goes wrong. It counts matching calls of all threads together, from the moment its plan was set. */
export interface Fault {
  /** One call, all calls of a kind, or every call. */
  call: CallName | CallKind | 'any';
  /** Matches only calls on a file whose path holds this text. */
  pathIncludes?: string;
  /** Acts on the n-th matching call; the first is 1. Default 1. */
  nth?: number;
  /** Acts on every matching call from the n-th on. */
  repeat?: boolean;
  /** `errno`: fails without doing anything. `limitBytes`: does at most so much of a read or write. `kill`: SIGKILL to the own process before
   *  the call. `pause`: the (worker) thread stops before the call until `resume`. */
  action: { errno: ErrnoName } | { limitBytes: number } | 'kill' | 'pause';
}

export interface FaultCounts {
  any: number;
  change: number;
  read: number;
  other: number;
  byCall: Partial<Record<CallName, number>>;
}

/** Name under which the board is handed to every worker thread (worker_threads.setEnvironmentData). */
const BOARD_KEY = 'holdfast.faultBoard';
const PLAN_BYTES = 16_384;
/** Int32 slots before the plan: version, plan length, paused, resumed, then counters of faults, kinds and calls. */
export const SLOT = { version: 0, planBytes: 1, paused: 2, resumed: 3, faults: 4, kinds: 68, calls: 72 } as const;
const MAX_FAULTS = SLOT.kinds - SLOT.faults;
export const KINDS: readonly (CallKind | 'any')[] = ['any', 'change', 'read', 'other'];
const PLAN_OFFSET = 4 * (SLOT.calls + CALL_NAMES.length);

/** Memory that all threads share: the plan as JSON, and the counters. */
export class FaultBoard {
  readonly memory: SharedArrayBuffer;
  readonly slots: Int32Array<SharedArrayBuffer>;

  constructor(memory = new SharedArrayBuffer(PLAN_OFFSET + PLAN_BYTES)) {
    this.memory = memory;
    this.slots = new Int32Array(memory, 0, PLAN_OFFSET / 4);
  }

  /** Replaces the plan for all threads at once and sets every counter to zero. @throws RangeError when it is too long or names an unknown error */
  setPlan(faults: readonly Fault[]): void {
    for (const { action } of faults) {
      if (typeof action === 'object' && 'errno' in action && !(action.errno in ERRNO))
        throw new RangeError(`Unknown error ${String(action.errno)}`);
    }
    const json = Buffer.from(JSON.stringify(faults));
    if (json.length > PLAN_BYTES || faults.length > MAX_FAULTS) throw new RangeError('Too many faults in one plan');
    for (let slot = SLOT.faults; slot < this.slots.length; slot++) Atomics.store(this.slots, slot, 0);
    new Uint8Array(this.memory, PLAN_OFFSET).set(json);
    Atomics.store(this.slots, SLOT.planBytes, json.length);
    Atomics.add(this.slots, SLOT.version, 1);
  }

  plan(): Fault[] {
    const length = Atomics.load(this.slots, SLOT.planBytes);
    if (length === 0) return [];
    return JSON.parse(Buffer.from(new Uint8Array(this.memory, PLAN_OFFSET, length)).toString()) as Fault[];
  }

  /** Calls seen since the plan was set, failed ones included. */
  counts(): FaultCounts {
    const [any = 0, change = 0, read = 0, other = 0] = KINDS.map((_, index) => Atomics.load(this.slots, SLOT.kinds + index));
    const seen = CALL_NAMES.map((call, index) => [call, Atomics.load(this.slots, SLOT.calls + index)] as const).filter(
      ([, count]) => count > 0,
    );
    return { any, change, read, other, byCall: Object.fromEntries(seen) };
  }

  /** Resolves once a thread stands at a `pause`. Call it before, or while, the work runs. */
  async untilPaused(): Promise<void> {
    while (Atomics.load(this.slots, SLOT.paused) <= Atomics.load(this.slots, SLOT.resumed)) {
      await Atomics.waitAsync(this.slots, SLOT.paused, Atomics.load(this.slots, SLOT.resumed), 1_000).value;
    }
  }

  /** Lets the threads that stand at a `pause` go on. */
  resume(): void {
    Atomics.store(this.slots, SLOT.resumed, Atomics.load(this.slots, SLOT.paused));
    Atomics.notify(this.slots, SLOT.resumed);
  }
}

/**
 * Turns fault hooks on for this thread and every worker started later. Must run before the first module that binds a system call is
 * loaded: import `enable-fault-hooks.ts` first.
 */
export function enableFaultHooks(): FaultBoard {
  const existing = findFaultBoard();
  if (existing !== undefined) return existing;
  const board = new FaultBoard();
  setEnvironmentData(BOARD_KEY, board.memory);
  return board;
}

/** The board of this process, or undefined: hooks are off. */
export function findFaultBoard(): FaultBoard | undefined {
  const memory = getEnvironmentData(BOARD_KEY);
  return memory instanceof SharedArrayBuffer ? new FaultBoard(memory) : undefined;
}
