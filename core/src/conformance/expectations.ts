import { inspect, isDeepStrictEqual } from 'node:util';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import type { ErrorCode } from '../errors/error-table.ts';

/** A promise that a destination or source does not keep. The message says which and how. */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure';
}

export function fail(what: string): never {
  throw new ConformanceFailure(what);
}

export function expectTrue(condition: boolean, what: string): void {
  if (!condition) fail(what);
}

/** Deep and strict. `what` names what is looked at. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  fail(`${what}: expected ${show(expected)}, found ${show(actual)}`);
}

export function expectBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  if (Buffer.compare(actual, expected) === 0) return;
  const shared = Math.min(actual.length, expected.length);
  let at = 0;
  while (at < shared && actual[at] === expected[at]) at++;
  fail(`${what}: expected ${expected.length} bytes, found ${actual.length}; they differ from byte ${at} on`);
}

/** The HoldfastError that `attempt` rejects with; of one of `codes` where any are given. */
export async function expectRejection(
  attempt: Promise<unknown>,
  codes: readonly ErrorCode[],
  what: string,
): Promise<HoldfastError> {
  return expectFailure(await rejectionOf(attempt, what), codes, what);
}

/** As `expectRejection`, of what was rejected with. */
export function expectFailure(error: unknown, codes: readonly ErrorCode[], what: string): HoldfastError {
  if (!isHoldfastError(error)) fail(`${what}: expected a HoldfastError, found ${show(error)}`);
  if (codes.length > 0 && !codes.includes(error.code)) {
    fail(`${what}: expected the code ${codes.join(' or ')}, found ${error.code} ("${error.message}")`);
  }
  return error;
}

/** That `attempt` rejects with the reason that its signal was aborted with. */
export async function expectAborted(attempt: Promise<unknown>, reason: unknown, what: string): Promise<void> {
  expectReason(await rejectionOf(attempt, what), reason, what);
}

/** As `expectAborted`, of what was rejected with. */
export function expectReason(error: unknown, reason: unknown, what: string): void {
  if (error !== reason) fail(`${what}: expected the signal's reason, found ${show(error)}`);
}

/** Rejects where `attempt` takes longer than `ms` milliseconds. */
export async function expectWithin<T>(ms: number, attempt: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ConformanceFailure(`${what}: no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([attempt, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function rejectionOf(attempt: Promise<unknown>, what: string): Promise<unknown> {
  let answer: unknown;
  try {
    answer = await attempt;
  } catch (error) {
    return error;
  }
  return fail(`${what}: expected a rejection, found the answer ${show(answer)}`);
}

function show(value: unknown): string {
  return inspect(value, { depth: 4, maxArrayLength: 20, maxStringLength: 200, breakLength: Infinity });
}
