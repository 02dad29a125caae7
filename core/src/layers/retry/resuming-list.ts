import type { CallOptions } from '../../contracts/call-options.ts';
import type { Destination, ObjectInfo } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { type HoldfastError, toHoldfastError } from '../../errors/holdfast-error.ts';
import type { Retrier } from './retrier.ts';
import { SeenKeys } from './seen-keys.ts';

/** Lists, and after a broken connection lists again without what was given already. */
export async function* resumingList(
  inner: Destination,
  prefix: RelPath,
  options: CallOptions,
  retrier: Retrier,
  seen = new SeenKeys(),
): AsyncGenerator<readonly ObjectInfo[]> {
  const call = { name: 'list', key: prefix, signal: options.signal } as const;
  let broken: HoldfastError | undefined;
  for (let tries = 1; ; tries++) {
    try {
      for await (const page of inner.list(prefix, options)) {
        const fresh = page.filter(({ key }) => seen.isNew(key));
        if (broken !== undefined && seen.forgotten) throw broken;
        if (fresh.length === 0) continue;
        yield broken === undefined ? page : fresh;
        tries = 0;
      }
      retrier.options.budget.earn();
      return;
    } catch (error) {
      if (seen.forgotten) throw error;
      await retrier.waitFor(call, error, Math.max(1, tries));
      broken = toHoldfastError(error);
      seen.restart();
    }
  }
}
