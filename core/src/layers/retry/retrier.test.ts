import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RelPath } from '../../contracts/rel-path.ts';
import { type ErrorCode, errorTable } from '../../errors/error-table.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { settle, turns } from '../../testing/settle.ts';
import { defaultRetry, Retrier, type RetryNotice, type RetryOptions } from './retrier.ts';
import { RetryBudget } from './retry-budget.ts';

const key = 'a' as RelPath;

/** A retrier whose chance always gives `fraction`, and the waits that it made. */
function retrierOf(options: Partial<RetryOptions> = {}, fraction = 1) {
  const clock = new ManualClock();
  const notices: RetryNotice[] = [];
  const random = { fraction: () => fraction, hex: () => '', uuid: () => '' };
  const retrier = new Retrier({ ...defaultRetry(), onRetry: (notice) => notices.push(notice), ...options }, clock, random);
  const waits = (): number[] => notices.map(({ waitMs }) => waitMs);
  const fail = (error: unknown, signal?: AbortSignal): Promise<never> =>
    settle(
      clock,
      retrier.run({ name: 'stat', key, signal }, () => Promise.reject(error as Error)),
      50,
    );
  return { clock, retrier, notices, waits, fail };
}

const error = (code: ErrorCode, retryAfterMs?: number): HoldfastError =>
  new HoldfastError(code, code, retryAfterMs === undefined ? {} : { retryAfterMs });

test.each(Object.keys(errorTable) as ErrorCode[])('%s is tried again as the error table says', async (code) => {
  const { waits, fail } = retrierOf({ tries: 6, itemTries: 3 });
  await expect(fail(error(code))).rejects.toMatchObject({ code });
  const { retry, scope } = errorTable[code];
  expect(waits()).toHaveLength(retry === 'never' ? 0 : scope === 'item' ? 2 : 5);
});

test('what is no error of ours is not tried again', async () => {
  const { waits, fail } = retrierOf();
  await expect(fail(new TypeError('mistake'))).rejects.toThrow('mistake');
  expect(waits()).toEqual([]);
});

test('waits double up to a limit', async () => {
  const { waits, fail } = retrierOf({ tries: 6, baseMs: 500, maxWaitMs: 3000 });
  await expect(fail(error('connection-lost'))).rejects.toThrow();
  expect(waits()).toEqual([500, 1000, 2000, 3000, 3000]);
});

test('a wait is anything between nothing and the whole, by chance', async () => {
  await fc.assert(
    fc.asyncProperty(fc.double({ min: 0, max: 0.999, noNaN: true }), async (fraction) => {
      const { waits, fail } = retrierOf({ tries: 4, baseMs: 1000 }, fraction);
      await expect(fail(error('timed-out'))).rejects.toThrow();
      expect(waits()).toEqual([1000, 2000, 4000].map((whole) => whole * fraction));
    }),
  );
});

test('a pause that is asked for is kept and jitter added, and one that is too long gives up', async () => {
  const asked = retrierOf({ tries: 3, baseMs: 500, maxAskedMs: 20_000 });
  await expect(asked.fail(error('throttled', 7000))).rejects.toThrow();
  expect(asked.waits()).toEqual([7500, 8000]);
  const tooLong = retrierOf({ maxAskedMs: 20_000 });
  await expect(tooLong.fail(error('throttled', 20_001))).rejects.toMatchObject({ code: 'throttled' });
  expect(tooLong.waits()).toEqual([]);
});

test('what works at last is answered', async () => {
  const { clock, retrier, notices } = retrierOf();
  let tries = 0;
  const attempt = (): Promise<string> => (++tries < 3 ? Promise.reject(error('connection-lost')) : Promise.resolve('done'));
  expect(await settle(clock, retrier.run({ name: 'remove', key, signal: undefined }, attempt))).toBe('done');
  expect(notices.map(({ call, key: about, tries: made }) => [call, about, made])).toEqual([
    ['remove', 'a', 1],
    ['remove', 'a', 2],
  ]);
});

test('an abort ends the wait at once with its own reason', async () => {
  const { clock, retrier } = retrierOf({ baseMs: 60_000 });
  const controller = new AbortController();
  const run = retrier.run({ name: 'stat', key, signal: controller.signal }, () => Promise.reject(error('throttled')));
  const settled = run.catch((reason: unknown) => reason);
  await turns();
  expect(clock.sleepers).toBe(1);
  const reason = new Error('enough');
  controller.abort(reason);
  expect(await settled).toBe(reason);
  expect(clock.sleepers).toBe(0);
});

test('after an abort nothing is tried again', async () => {
  const { waits, fail } = retrierOf();
  await expect(fail(error('throttled'), AbortSignal.abort())).rejects.toMatchObject({ code: 'throttled' });
  expect(waits()).toEqual([]);
});

test('the budget of a task ends retries for all its calls, and calls that work earn them back', async () => {
  const budget = new RetryBudget(3, 0.5);
  const { fail, waits, retrier } = retrierOf({ tries: 3, budget });
  await expect(fail(error('throttled'))).rejects.toThrow();
  await expect(fail(error('throttled'))).rejects.toThrow();
  await expect(fail(error('throttled'))).rejects.toThrow();
  expect(waits()).toHaveLength(3);
  expect(budget.left).toBe(0);
  for (let call = 0; call < 20; call++) await retrier.run({ name: 'stat', key, signal: undefined }, () => Promise.resolve());
  expect(budget.left).toBe(3);
  await expect(fail(error('throttled'))).rejects.toThrow();
  expect(waits()).toHaveLength(5);
});

test('a refusal is an answer too and earns as much', async () => {
  const budget = new RetryBudget(10, 0.5);
  for (let retry = 0; retry < 10; retry++) budget.spend();
  const { fail } = retrierOf({ budget });
  for (let call = 0; call < 4; call++) await expect(fail(error('not-found'))).rejects.toThrow();
  expect(budget.left).toBe(2);
});

test('a budget never gives more than its capacity and what was earned', () => {
  const moves = fc.array(fc.boolean(), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), moves, (capacity, earned, steps) => {
      const budget = new RetryBudget(capacity, earned);
      let spent = 0;
      let worked = 0;
      for (const works of steps) {
        if (works) {
          budget.earn();
          worked++;
        } else if (budget.spend()) spent++;
        expect(budget.left).toBeGreaterThanOrEqual(0);
        expect(budget.left).toBeLessThanOrEqual(capacity);
      }
      expect(spent).toBeLessThanOrEqual(capacity + worked * earned + 1e-6);
    }),
  );
});
