import type { ManualClock } from './manual-clock.ts';

/** What a promise settles as while time passes, in steps of `stepMs`. Throws when it is still open after `limitMs`. */
export async function settle<T>(clock: ManualClock, promise: Promise<T>, stepMs = 100, limitMs = 3_600_000): Promise<T> {
  let open = true;
  const end = (): void => {
    open = false;
  };
  promise.then(end, end);
  for (let passedMs = 0; passedMs <= limitMs; passedMs += stepMs) {
    await turns();
    if (!open) return promise;
    await clock.advance(stepMs);
  }
  throw new Error(`It did not settle within ${limitMs} ms.`);
}

/** Lets everything run that can run without time passing. */
export async function turns(count = 3): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
