import { damaged } from '../damaged.ts';
import { JsonReader } from '../json/json-reader.ts';
import type { RepositoryConfig } from './repository-config.ts';

/** How rustic cuts the files of a repository, where its configuration says so; whoever cuts otherwise stores everything again. */
export interface RusticChunking {
  readonly chunker: 'rabin' | 'fixed_size';
  /** Bytes; undefined where the configuration leaves it to the default. */
  readonly bytes: number | undefined;
  readonly minBytes: number | undefined;
  readonly maxBytes: number | undefined;
}

/** Throws `state-damaged` for a chunker that nobody knows and for sizes that are none. */
export function readRusticChunking({ unknown }: RepositoryConfig): RusticChunking {
  const read = <Value>(key: string, take: (reader: JsonReader) => Value): Value | undefined => {
    const json = unknown.get(key);
    return json === undefined || json === 'null' ? undefined : take(new JsonReader(Buffer.from(json), `"${key}"`));
  };
  const chunker = read('chunker', (reader) => reader.string()) ?? 'rabin';
  if (chunker !== 'rabin' && chunker !== 'fixed_size')
    throw damaged(`The repository is cut by an unknown chunker, "${chunker}".`);
  const size = (key: string): number | undefined => read(key, (reader) => reader.integer());
  return { chunker, bytes: size('chunk_size'), minBytes: size('chunk_min_size'), maxBytes: size('chunk_max_size') };
}
