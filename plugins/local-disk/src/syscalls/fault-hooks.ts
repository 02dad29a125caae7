import { readlinkSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import koffi from 'koffi';
import { describeBytes, untilZero } from './c-string.ts';
import { CALL_NAMES, CALLS, callShape } from './call-table.ts';
import type { CallKind, CallName } from './call-table.ts';
import { ERRNO, failWith } from './errno.ts';
import { findFaultBoard, KINDS, SLOT } from './fault-board.ts';
import type { Fault } from './fault-board.ts';

/** Undefined in production: every call is then bound to the C function itself, and hooks cost nothing. */
const board = findFaultBoard();
let planVersion = -1;
let plan: Fault[] = [];

const O_CREAT_OR_TRUNC = 0o1100;
const AT_FDCWD = -100;
type Arguments = unknown[];

/** A function to run in this thread before every call that it is asked about; `undefined` removes it. */
let observer: ((call: CallName, paths: () => string[]) => void) | undefined;
export function observeCalls(callback: typeof observer): void {
  observer = callback;
}

function kindOf(call: CallName, args: Arguments): CallKind {
  const opens = call === 'openat' || call === 'openat2';
  if (!opens) return CALLS[call].kind;
  // openat2 takes a struct open_how, whose first 64 bits are the flags.
  const flags = call === 'openat' ? (args[2] as number) : (args[2] as Buffer).readUInt32LE(0);
  return (flags & O_CREAT_OR_TRUNC) === 0 ? 'read' : 'change';
}

function describePointer(pointer: unknown): string {
  if (typeof pointer === 'number') return koffi.decode.string(BigInt(pointer));
  return pointer instanceof Uint8Array ? describeBytes(untilZero(pointer)) : '';
}

/** The paths of the files that a call works on, for messages and matching only. */
function pathsOf(call: CallName, args: Arguments): string[] {
  return callShape(call).files.map(([fdIndex, nameIndex]) => {
    const name = nameIndex === undefined ? '' : describePointer(args[nameIndex]);
    const fd = fdIndex < 0 ? AT_FDCWD : (args[fdIndex] as number);
    if (fd < 0 || name.startsWith('/')) return name;
    let directory: string;
    try {
      directory = readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      directory = `fd ${fd}`;
    }
    return name === '' ? directory : `${directory}/${name}`;
  });
}

function isDue(fault: Fault, slot: number, call: CallName, kind: CallKind, paths: () => string[]): boolean {
  if (fault.call !== call && fault.call !== kind && fault.call !== 'any') return false;
  const { pathIncludes } = fault;
  if (pathIncludes !== undefined && !paths().some((path) => path.includes(pathIncludes))) return false;
  const count = Atomics.add(board!.slots, slot, 1) + 1;
  const nth = fault.nth ?? 1;
  return fault.repeat === true ? count >= nth : count === nth;
}

function pause(): void {
  if (isMainThread) throw new Error('The main thread cannot pause at a fault: nothing could resume it. Use observeCalls.');
  const { slots } = board!;
  const ticket = Atomics.add(slots, SLOT.paused, 1) + 1;
  Atomics.notify(slots, SLOT.paused);
  for (;;) {
    const resumed = Atomics.load(slots, SLOT.resumed);
    if (resumed >= ticket) return;
    Atomics.wait(slots, SLOT.resumed, resumed);
  }
}

/** Counts the call and carries out what is due. Returns the errno to fail with, or 0; may lower a byte count in `args`. */
function beforeCall(call: CallName, args: Arguments): number {
  const { slots } = board!;
  const version = Atomics.load(slots, SLOT.version);
  if (version !== planVersion) {
    plan = board!.plan();
    planVersion = version;
  }
  const kind = kindOf(call, args);
  Atomics.add(slots, SLOT.kinds, 1);
  Atomics.add(slots, SLOT.kinds + KINDS.indexOf(kind), 1);
  Atomics.add(slots, SLOT.calls + CALL_NAMES.indexOf(call), 1);
  let found: string[] | undefined;
  const paths = (): string[] => (found ??= pathsOf(call, args));
  observer?.(call, paths);
  let failure = 0;
  for (const [index, fault] of plan.entries()) {
    if (!isDue(fault, SLOT.faults + index, call, kind, paths)) continue;
    failure = act(fault.action, call, args) || failure;
  }
  return failure;
}

function act(action: Fault['action'], call: CallName, args: Arguments): number {
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (action === 'pause') pause();
  else if ('errno' in action) return ERRNO[action.errno];
  else {
    const { bytes } = callShape(call);
    if (bytes !== undefined) args[bytes] = Math.min(args[bytes] as number, action.limitBytes);
  }
  return 0;
}

/** Returns `raw` itself when hooks are off. Otherwise a function that may fail as the plan says, with errno set as the kernel would. */
export function withFaults<F extends (...args: never[]) => number>(call: CallName, raw: F): F {
  if (board === undefined) return raw;
  const hooked = (...args: unknown[]): number => {
    const failure = beforeCall(call, args);
    if (failure === 0) return (raw as unknown as (...args: unknown[]) => number)(...args);
    // posix_fadvise alone returns the number instead of setting it.
    if (call === 'posix_fadvise') return failure;
    return failWith(failure);
  };
  return hooked as unknown as F;
}

/** The same for a call that resolves to 0 or an errno. */
export function withFaultsAsync<A extends unknown[]>(
  call: CallName,
  raw: (...args: A) => Promise<number>,
): (...args: A) => Promise<number> {
  if (board === undefined) return raw;
  return async (...args) => beforeCall(call, args) || raw(...args);
}
