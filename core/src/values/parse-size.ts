import { usageError } from './usage-error.ts';

const exponents = { '': 0n, k: 1n, m: 2n, g: 3n, t: 4n, p: 5n } as const;

/**
 * Bytes of a SIZE: `10M`, `1.5GiB`, `500KB`, `4096`. K, M, G, T, P and KiB … are powers of 1024; KB, MB … of 1000; case does not
 * matter. What is less than a byte is dropped. Throws `usage`.
 */
export function parseSize(written: string): bigint {
  const match = /^(\d+)(?:\.(\d+))?\s*([kmgtp]?)(i?b)?$/i.exec(written.trim());
  const prefix = match?.[3]?.toLowerCase() as keyof typeof exponents | undefined;
  const suffix = match?.[4]?.toLowerCase();
  if (match === null || prefix === undefined || (prefix === '' && suffix === 'ib')) {
    throw usageError(
      'size',
      written,
      'a number of bytes, with K, M, G or T for powers of 1024, KB, MB, GB or TB for powers of 1000: for example 10M',
    );
  }
  const fraction = match[2] ?? '';
  const unit = (suffix === 'b' ? 1000n : 1024n) ** exponents[prefix];
  return (BigInt(`${match[1]}${fraction}`) * unit) / 10n ** BigInt(fraction.length);
}

/** Bytes a second of a RATE: a SIZE, with or without `/s`. 0 would mean standing still. Throws `usage`. */
export function parseRate(written: string): bigint {
  const bytes = parseSize(written.replace(/\/s$/i, ''));
  if (bytes === 0n) throw usageError('rate', written, 'at least one byte a second, for example 10M');
  return bytes;
}
