import { damaged } from '../damaged.ts';
import { ID_BYTES } from '../object-id.ts';
import { decodeJsonString } from './decode-json-string.ts';
import { KeyNames } from './key-names.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,\]}]|$)/;
const MAX_U64 = (1n << 64n) - 1n;

/**
 * Reads JSON (RFC 8259) value by value from bytes: whole numbers of any size stay whole, no object of the text's making comes to be, and
 * what is large is never there twice. Every method throws `state-damaged` for what is not what it reads. The bytes must not change
 * meanwhile.
 */
export class JsonReader {
  readonly bytes: Buffer;
  /** Where the next value, comma or bracket is looked for. */
  at: number;
  readonly #what: string;
  readonly #keys = new KeyNames();

  /** `what` names the text in messages. */
  constructor(bytes: Uint8Array, what: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#what = what;
    this.at = 0;
  }

  fail(why: string): never {
    throw damaged(`${this.#what} is damaged: ${why} at byte ${String(this.at)}.`);
  }

  /** The next byte that is no white space, or -1 at the end. */
  peek(): number {
    const { bytes } = this;
    for (; this.at < bytes.length; this.at++) {
      const byte = bytes[this.at] as number;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    }
    return -1;
  }

  /** Enters an object: its first key, or undefined where it has none. The value comes next. */
  firstKey(): string | undefined {
    this.#take(0x7b, 'an object');
    if (this.peek() === 0x7d) {
      this.at++;
      return undefined;
    }
    return this.#key();
  }

  /** The key after a value; undefined at the object's end, which is left. */
  nextKey(): string | undefined {
    const byte = this.peek();
    this.at++;
    if (byte === COMMA) return this.#key();
    if (byte === 0x7d) return undefined;
    this.at--;
    return this.fail('an object does not go on');
  }

  /** Enters an array: whether there is an element. */
  firstElement(): boolean {
    this.#take(0x5b, 'an array');
    if (this.peek() !== 0x5d) return true;
    this.at++;
    return false;
  }

  /** Whether another element follows; otherwise the array is left. */
  nextElement(): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== 0x5d) this.fail('an array does not go on');
    this.at++;
    return byte === COMMA;
  }

  /** Takes `null` where it stands. */
  isNull(): boolean {
    if (this.peek() !== 0x6e) return false;
    this.#word('null');
    return true;
  }

  boolean(): boolean {
    const isTrue = this.peek() === 0x74;
    this.#word(isTrue ? 'true' : 'false');
    return isTrue;
  }

  /** The text of a string. What of it is no character comes as in `decodeJsonString`. */
  string(): string {
    return this.decode(this.stringBytes());
  }

  /** The text of what `stringBytes` gave. */
  decode(bytes: Buffer): string {
    return decodeJsonString(bytes) ?? this.fail('a string is wrong');
  }

  /** An id in hexadecimal. */
  id(): Buffer {
    const bytes = this.stringBytes();
    const id = bytes.length === ID_BYTES * 2 ? Buffer.from(bytes.toString('latin1'), 'hex') : undefined;
    return id?.length === ID_BYTES && isLowerCase(bytes) ? id : this.fail('an id was expected');
  }

  /** The bytes between a string's quotes as they stand there, escapes and all; they are a view of the text. */
  stringBytes(): Buffer {
    const start = this.#beginString();
    return this.bytes.subarray(start, this.#endOfString());
  }

  /** A whole number from 0 to 2^64 - 1. */
  u64(): bigint {
    const start = this.at;
    const text = this.#digits();
    if (text.length < 16) return BigInt(Number(text));
    const value = text.length > 20 ? MAX_U64 + 1n : BigInt(text);
    if (value <= MAX_U64) return value;
    this.at = start;
    return this.fail('a number is too large');
  }

  /** A whole number from 0 to `max`, which is at most 2^53 - 1. */
  integer(max = Number.MAX_SAFE_INTEGER): number {
    const start = this.at;
    const value = Number(this.#digits());
    if (value <= max) return value;
    this.at = start;
    return this.fail('a number is too large');
  }

  /** Takes any number, and gives its text. */
  number(): string {
    this.peek();
    // The longest number that a float of 64 bits can ask for, and far more than any that is written.
    const text = numberPattern.exec(this.bytes.toString('latin1', this.at, this.at + 400))?.[0] ?? this.fail('a value is wrong');
    this.at += text.length;
    return text;
  }

  /** Throws where anything but white space follows. */
  end(): void {
    if (this.peek() !== -1) this.fail('something follows its end');
  }

  #key(): string {
    const start = this.#beginString();
    const end = this.#endOfString();
    this.#take(COLON, 'a colon');
    return this.#keys.name(this.bytes, start, end) ?? this.fail('a key is wrong');
  }

  #digits(): string {
    const first = this.peek();
    const start = this.at;
    let { at } = this;
    while (isDigit(this.bytes[at])) at++;
    const following = this.bytes[at];
    const isFraction = following === 0x2e || following === 0x65 || following === 0x45;
    if (at === start || (first === 0x30 && at > start + 1) || isFraction) this.fail('a whole number was expected');
    this.at = at;
    return this.bytes.toString('latin1', start, at);
  }

  #beginString(): number {
    this.#take(QUOTE, 'a string');
    return this.at;
  }

  /** Where the string that begins here ends; what follows its closing quote comes next. */
  #endOfString(): number {
    const { bytes } = this;
    for (let { at } = this; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.at = at + 1;
        return at;
      }
      if (byte === BACKSLASH) at++;
      else if (byte < 0x20) break;
    }
    return this.fail('a string does not end');
  }

  #take(byte: number, what: string): void {
    if (this.peek() !== byte) this.fail(`${what} was expected`);
    this.at++;
  }

  #word(word: string): void {
    if (this.bytes.toString('latin1', this.at, this.at + word.length) !== word) this.fail('a value is wrong');
    this.at += word.length;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isLowerCase(hex: Uint8Array): boolean {
  for (const digit of hex) if (digit >= 0x41 && digit <= 0x46) return false;
  return true;
}
