import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ByteRange } from '../../contracts/call-options.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { resumingExtents } from './resuming-extents.ts';
import { defaultRetry, Retrier } from './retrier.ts';

const gap = fc.record({ skip: fc.bigInt(0n, 50n), length: fc.bigInt(1n, 50n) });
const ranges = fc.array(gap, { maxLength: 20 }).map((gaps) => {
  let at = 0n;
  return gaps.map(({ skip, length }): ByteRange => {
    const offset = at + skip;
    at = offset + length;
    return { offset, length };
  });
});

test('wherever it breaks, every range comes once', async () => {
  await fc.assert(
    fc.asyncProperty(ranges, fc.array(fc.nat(20), { maxLength: 6 }), async (all, breaks) => {
      const left = [...breaks];
      const extents = async function* (): AsyncGenerator<ByteRange> {
        const breaksAfter = left.shift();
        yield* all.slice(0, breaksAfter);
        if (breaksAfter !== undefined) throw new HoldfastError('connection-lost', 'broken');
      };
      const clock = new ManualClock();
      const retrier = new Retrier(defaultRetry(), clock, { fraction: () => 0, hex: () => '', uuid: () => '' });
      const given = settle(clock, Array.fromAsync(resumingExtents(extents, 'a' as RelPath, {}, retrier)));
      expect(await given).toEqual(all);
    }),
  );
});
