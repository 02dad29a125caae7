import type { ObjectKind } from '../object-kind.ts';

/**
 * What was read of a repository, on this machine: index files, snapshots, and the packs of trees. Nothing of it is needed and nothing is
 * believed: who reads it proves it by its id, and whatever fails is as if it were not there.
 */
export interface ObjectCache {
  /** A whole object; undefined where it is not kept. */
  read(kind: ObjectKind, id: string): Promise<Uint8Array | undefined>;
  /** A range of a pack, as long as it is kept there; undefined where it is not kept. */
  readPack(id: string, offset: number, length: number): Promise<Uint8Array | undefined>;
  /** Keeps an object, if it is of a kind that is worth it. */
  write(kind: ObjectKind, id: string, bytes: Uint8Array): Promise<void>;
  remove(kind: ObjectKind, id: string): Promise<void>;
  /** The ids of the objects of a kind that are kept. */
  list(kind: ObjectKind): Promise<string[]>;
}

/** Forgets what is kept of a kind and no longer in the repository. */
export async function retainCached(cache: ObjectCache | undefined, kind: ObjectKind, ids: Iterable<string>): Promise<void> {
  if (cache === undefined) return;
  const gone = new Set(await cache.list(kind));
  for (const id of ids) gone.delete(id);
  for (const id of gone) await cache.remove(kind, id);
}
