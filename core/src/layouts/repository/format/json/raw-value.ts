import type { JsonReader } from './json-reader.ts';

/** Deeper than anything that is written: a text must not choose how much stack its reading takes. */
const MAX_DEPTH = 100;

/** Any value, as its text stands there. Throws `state-damaged`. */
export function rawValue(reader: JsonReader): string {
  reader.peek();
  const start = reader.at;
  skipValue(reader, 0);
  return reader.bytes.toString('utf8', start, reader.at);
}

function skipValue(reader: JsonReader, depth: number): void {
  if (depth > MAX_DEPTH) reader.fail('values stand too deep in each other');
  switch (reader.peek()) {
    case 0x7b:
      for (let key = reader.firstKey(); key !== undefined; key = reader.nextKey()) skipValue(reader, depth + 1);
      return;
    case 0x5b:
      for (let more = reader.firstElement(); more; more = reader.nextElement()) skipValue(reader, depth + 1);
      return;
    case 0x22:
      reader.string();
      return;
    case 0x6e:
      reader.isNull();
      return;
    case 0x74:
    case 0x66:
      reader.boolean();
      return;
    default:
      reader.number();
  }
}
