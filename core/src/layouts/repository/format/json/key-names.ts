import { decodeJsonString } from './decode-json-string.ts';

/** Keys that are remembered; more than any object that we know has, so that a text full of new keys does not fill the memory. */
const MAX_KEYS = 256;
const MAX_LENGTH = 32;

/** Gives the keys of many objects that have the same ones, without making a string anew for each. */
export class KeyNames {
  readonly #known = new Map<number, string>();

  /** The key between `start` and `end`; undefined where it is no text. */
  name(bytes: Buffer, start: number, end: number): string | undefined {
    if (end - start > MAX_LENGTH) return decodeJsonString(bytes.subarray(start, end));
    let fingerprint = end - start;
    for (let at = start; at < end; at++) fingerprint = (Math.imul(fingerprint, 31) + (bytes[at] as number)) | 0;
    const known = this.#known.get(fingerprint);
    if (known !== undefined && isSame(known, bytes, start, end)) return known;
    const name = decodeJsonString(bytes.subarray(start, end));
    if (name !== undefined && known === undefined && this.#known.size < MAX_KEYS) this.#known.set(fingerprint, name);
    return name;
  }
}

/** Compares as ASCII; a key with an escape or other characters is none of ours and is only decoded again. */
function isSame(name: string, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = start; at < end; at++) if (bytes[at] !== name.charCodeAt(at - start)) return false;
  return true;
}
