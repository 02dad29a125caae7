import { randomFillSync } from 'node:crypto';
import { damaged } from '../damaged.ts';

/** What seals and opens everything of a repository, and in the same form what a password gives to seal that. */
export interface MasterKey {
  /** 32 bytes: AES-256. */
  readonly encrypt: Uint8Array;
  /** 16 bytes: AES-128 of Poly1305-AES. */
  readonly macK: Uint8Array;
  /** 16 bytes: Poly1305's r, with or without the bits masked that Poly1305 does not use: writers of both kinds exist. */
  readonly macR: Uint8Array;
}

/** A new key of random bytes fit for secrets. */
export function randomKey(): MasterKey {
  return splitKey(randomFillSync(new Uint8Array(64)));
}

/** A key from 64 bytes: `encrypt`, `macK`, `macR`. */
export function splitKey(bytes: Uint8Array): MasterKey {
  // Memory of its own, so that what sends a key to a thread sends nothing else.
  const own = Uint8Array.from(bytes);
  return { encrypt: own.slice(0, 32), macK: own.slice(32, 48), macR: own.slice(48, 64) };
}

/** Throws `state-damaged` for a key of other lengths or of zeros, which protects nothing. */
export function checkKey(key: MasterKey): void {
  const { encrypt, macK, macR } = key;
  const isWhole = encrypt.length === 32 && macK.length === 16 && macR.length === 16;
  if (!isWhole || isZero(encrypt) || isZero(macK) || isZero(macR)) throw damaged('A key of the repository is damaged.');
}

export function isZero(bytes: Uint8Array): boolean {
  let any = 0;
  for (const byte of bytes) any |= byte;
  return any === 0;
}

/** Poly1305's r without the bits that it does not use (RFC 8439, 2.5). */
export function clamp(r: Uint8Array): Uint8Array {
  const clamped = Uint8Array.from(r);
  for (const at of [3, 7, 11, 15]) clamped[at] = (clamped[at] as number) & 15;
  for (const at of [4, 8, 12]) clamped[at] = (clamped[at] as number) & 252;
  return clamped;
}
