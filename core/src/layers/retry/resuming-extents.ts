import type { ByteRange, CallOptions } from '../../contracts/call-options.ts';
import type { DestinationCapabilities } from '../../contracts/capabilities.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { Retrier } from './retrier.ts';

/** Gives the ranges that hold data, and after a broken connection those that come after what was given. They ascend, so the last one tells. */
export async function* resumingExtents(
  extents: NonNullable<DestinationCapabilities['extents']>,
  key: RelPath,
  options: CallOptions,
  retrier: Retrier,
): AsyncGenerator<ByteRange> {
  const call = { name: 'extents', key, signal: options.signal } as const;
  let position = 0n;
  for (let tries = 1; ; tries++) {
    try {
      for await (const { offset, length } of extents(key, options)) {
        const end = offset + length;
        if (end <= position) continue;
        const begin = offset > position ? offset : position;
        yield { offset: begin, length: end - begin };
        position = end;
        tries = 0;
      }
      retrier.options.budget.earn();
      return;
    } catch (error) {
      await retrier.waitFor(call, error, Math.max(1, tries));
    }
  }
}
