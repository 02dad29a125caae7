import { isTime } from '../go-text/parse-time.ts';
import { JsonReader } from './json-reader.ts';
import { rawValue } from './raw-value.ts';

/**
 * The fields of a small document, by key, each as its JSON text: what a version of the format adds later is carried along as it is.
 * What `take` has taken is no longer there; the rest is what nobody here knows.
 */
export class JsonFields {
  readonly #values = new Map<string, string>();
  readonly #what: string;

  /** `what` names the document in messages. Throws `state-damaged`, also for a key that stands there twice. */
  constructor(bytes: Uint8Array, what: string) {
    this.#what = what;
    const reader = new JsonReader(bytes, what);
    for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) {
      if (this.#values.has(key)) reader.fail(`"${key}" stands there twice`);
      this.#values.set(key, rawValue(reader));
    }
    reader.end();
  }

  /** What is left, in the order of the text. */
  get unknown(): UnknownFields {
    return this.#values;
  }

  /** Whether the field is there and not null; a null one is taken. */
  has(key: string): boolean {
    const value = this.#values.get(key);
    if (value === 'null') this.#values.delete(key);
    return value !== undefined && value !== 'null';
  }

  /** A field by what reads it. Throws `state-damaged` where it is missing or wrong. */
  take<Value>(key: string, read: (reader: JsonReader) => Value): Value {
    const reader = new JsonReader(Buffer.from(this.#values.get(key) ?? ''), `"${key}" of ${this.#what}`);
    this.#values.delete(key);
    const value = read(reader);
    reader.end();
    return value;
  }

  /** The same; undefined where it is missing or null. */
  takeOptional<Value>(key: string, read: (reader: JsonReader) => Value): Value | undefined {
    return this.has(key) ? this.take(key, read) : undefined;
  }
}

/** Fields that this version does not know, as JSON text. */
export type UnknownFields = ReadonlyMap<string, string>;

export const readString = (reader: JsonReader): string => reader.string();
export const readCount = (reader: JsonReader): number => reader.integer();
export const readTime = (reader: JsonReader): string => {
  const text = reader.string();
  return isTime(text) ? text : reader.fail('a time is wrong');
};
export const readId = (reader: JsonReader): Buffer => reader.id();
export const readBase64 = (reader: JsonReader): Buffer => {
  const text = reader.string();
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : reader.fail('base64 was expected');
};
export const readStrings = (reader: JsonReader): string[] => {
  const texts: string[] = [];
  for (let more = reader.firstElement(); more; more = reader.nextElement()) texts.push(reader.string());
  return texts;
};
