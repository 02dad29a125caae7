import type { Content } from '../contracts/content.ts';
import { generatedContent } from '../testing/byte-content.ts';

/** Bytes that tell where they belong: each follows from the seed and its offset, so that a shifted, mixed or repeated block shows. */
export function patternBytes(seed: number, offset: bigint, length: number): Uint8Array {
  const skipped = Number(offset & 3n);
  const words = new Uint32Array(Math.ceil((skipped + length) / 4));
  const first = Number(offset >> 2n);
  for (let index = 0; index < words.length; index++) words[index] = mix(seed, first + index);
  return new Uint8Array(words.buffer, skipped, length);
}

/** A content of such bytes. */
export function patternContent(seed: number, size: number | bigint, pieceBytes?: number): Content {
  return generatedContent(BigInt(size), (offset, length) => patternBytes(seed, offset, length), pieceBytes);
}

function mix(seed: number, word: number): number {
  let mixed = Math.imul(seed + 1, 0x9e3779b1) ^ (word >>> 0) ^ Math.imul(Math.floor(word / 2 ** 32), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
