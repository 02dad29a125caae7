import { type HoldfastError, isHoldfastError } from '../../../errors/holdfast-error.ts';
import { type IndexPack, readIndex } from '../format/documents/read-index.ts';
import { formatId } from '../format/object-id.ts';
import { retainCached } from './cache/object-cache.ts';
import { packEntry } from './index-writer.ts';
import { mapParallel } from './map-parallel.ts';
import type { RepositoryObjects } from './repository-objects.ts';

/** Index files are some megabytes each; so many are in memory at once. */
const MOST_AT_ONCE = 4;

export interface LoadIndexOptions {
  /** Told of each pack of each file. */
  readonly onPack?: (indexId: string, pack: IndexPack) => void;
  /** Told of a file that is damaged, which is left out then. Absent: that rejects. */
  readonly onDamaged?: (indexId: string, error: HoldfastError) => void;
}

/** Reads all index files of a repository into its `index` and `retiring`. Rejects with `state-damaged`, naming the file. */
export async function loadIndex(repository: RepositoryObjects, options: LoadIndexOptions): Promise<void> {
  const { objects } = repository;
  const ids: string[] = [];
  for await (const { id } of objects.list('index')) ids.push(id);
  await retainCached(objects.cache, 'index', ids);
  const gonePacks = new Set(await objects.cache?.list('pack'));
  const limit = Math.min(MOST_AT_ONCE, objects.concurrency);
  for await (const file of mapParallel(ids, limit, (id) => readFile(repository, id, options))) {
    if (file !== undefined) add(repository, file, { ...options, onPack: forget(gonePacks, options) });
  }
  for (const id of gonePacks) await objects.cache?.remove('pack', id);
}

/** What is left in `packs` in the end is in no index file. */
function forget(packs: Set<string>, { onPack }: LoadIndexOptions): NonNullable<LoadIndexOptions['onPack']> {
  return (indexId, pack) => {
    if (packs.size > 0) packs.delete(formatId(pack.id));
    onPack?.(indexId, pack);
  };
}

interface IndexFile {
  readonly id: string;
  readonly json: Uint8Array;
}

/** Undefined for one that a prune replaced meanwhile, by another that is read too; and for a damaged one that is told of. */
async function readFile(repository: RepositoryObjects, id: string, options: LoadIndexOptions): Promise<IndexFile | undefined> {
  try {
    return { id, json: await repository.loadUnpacked('index', id) };
  } catch (error) {
    if (isHoldfastError(error, 'not-found')) return undefined;
    report(id, error, options);
    return undefined;
  }
}

function add({ config, index, retiring }: RepositoryObjects, { id, json }: IndexFile, options: LoadIndexOptions): void {
  try {
    for (const pack of readIndex(json, config.version)) {
      (pack.isToDelete ? retiring : index).addPack(packEntry(pack.id, pack.blobs));
      options.onPack?.(id, pack);
    }
  } catch (error) {
    report(id, error, options);
  }
}

function report(id: string, error: unknown, { onDamaged }: LoadIndexOptions): void {
  if (onDamaged === undefined || !isHoldfastError(error, 'state-damaged')) throw error;
  onDamaged(id, error);
}
