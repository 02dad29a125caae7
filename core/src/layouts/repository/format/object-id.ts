import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { damaged } from './damaged.ts';

/** Bytes of the id of a file, pack or blob: SHA-256 of what it names. */
export const ID_BYTES = 32;

const idPattern = /^[0-9a-f]{64}$/;

/** Whether a file's name can be an id; others in a repository are leftovers that nobody reads. */
export function isIdName(name: string): boolean {
  return idPattern.test(name);
}

/** The id that 64 lowercase hexadecimal digits write. Throws `state-damaged`. */
export function parseId(text: string): Buffer {
  if (!isIdName(text)) throw damaged(`"${text.slice(0, 80)}" is no id.`);
  return Buffer.from(text, 'hex');
}

export function formatId(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
}

/** The id of `bytes`. */
export function computeId(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

export function isSameId(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** An id of no contents, as a repository has for itself. */
export function randomId(): string {
  return randomBytes(ID_BYTES).toString('hex');
}
