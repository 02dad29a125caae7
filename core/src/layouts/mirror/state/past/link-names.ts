import type { RelPath } from '../../../../contracts/rel-path.ts';
import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { readNlink } from '../../../../entries/stat-reader.ts';
import { KIND_FILE } from '../../../../entries/stat-record.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';
import { type Fingerprint, fingerprintOf } from './fingerprint.ts';

/** One name of a file that has several. */
export interface LinkName {
  readonly path: RelPath;
  readonly fingerprint: Fingerprint;
}

/** The names of a version's hard links: what one of them has lost another may still hold. Read when first asked for. */
export class LinkNames {
  readonly #open: () => AsyncIterable<ManifestBlock>;
  #names: Promise<ReadonlyMap<string, readonly LinkName[]>> | undefined;

  /** `open` gives the rows of the version. */
  constructor(open: () => AsyncIterable<ManifestBlock>) {
    this.#open = open;
  }

  /** All names of the file of this fingerprint in the version. */
  async of({ source }: Fingerprint): Promise<readonly LinkName[]> {
    if (source === '') return [];
    this.#names ??= readNames(this.#open());
    return (await this.#names).get(source) ?? [];
  }
}

async function readNames(rows: AsyncIterable<ManifestBlock>): Promise<Map<string, LinkName[]>> {
  const names = new Map<string, LinkName[]>();
  const cursor = new EntryCursor(rows);
  for (await cursor.start(); !cursor.done; ) {
    if (cursor.kindCode === KIND_FILE && readNlink(cursor.stat) > 1) {
      const fingerprint = fingerprintOf(cursor.block, cursor.index);
      const group = names.get(fingerprint.source);
      const name = { path: cursor.path, fingerprint };
      if (group === undefined) names.set(fingerprint.source, [name]);
      else group.push(name);
    }
    if (!cursor.advance()) await cursor.refill();
  }
  return names;
}
