import type { Content } from '../contracts/content.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { FaultEffect } from './fault-script.ts';

/** The chunks of a stream, as an effect changes them. */
export async function* spoilStream<T>(chunks: AsyncIterable<T>, effect: FaultEffect): AsyncIterable<T> {
  let at = 0;
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) {
      yield chunk;
      continue;
    }
    if (effect.kind === 'flip') yield flipByte(chunk, effect.atByte - at) as T;
    else if (effect.kind !== 'break' && effect.kind !== 'truncate') yield chunk;
    else if (at + chunk.length <= effect.afterBytes) yield chunk;
    else {
      if (effect.afterBytes > at) yield chunk.subarray(0, effect.afterBytes - at) as unknown as T;
      break;
    }
    at += chunk.length;
  }
  if (effect.kind === 'break') throw new HoldfastError(effect.code, `Fault: the stream broke after ${effect.afterBytes} bytes.`);
}

/** A content whose bytes an effect changes. What could copy its local file by itself is not offered it. */
export function spoilContent({ size, version, ...content }: Content, open: Content['open'], effect: FaultEffect): Content {
  void content;
  const shortened = effect.kind === 'truncate' && size !== undefined && size > BigInt(effect.afterBytes);
  return {
    size: shortened ? BigInt(effect.afterBytes) : size,
    ...(version === undefined ? {} : { version }),
    open: (options) => spoilStream(open(options), effect),
  };
}

function flipByte(chunk: Uint8Array, at: number): Uint8Array {
  if (at < 0 || at >= chunk.length) return chunk;
  const flipped = Uint8Array.from(chunk);
  flipped[at] = (flipped[at] ?? 0) ^ 0xff;
  return flipped;
}
