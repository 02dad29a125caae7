import type { ObjectStore } from '../object-store.ts';

/** Packs up to this are kept whole on this machine when a tree of theirs is read: the other trees are wanted soon. */
const MAX_CACHED_BYTES = 64 << 20;

/** A range of a pack; from this machine where it is kept here. `isTree`: the pack is worth keeping. */
export async function readPackRange(
  objects: ObjectStore,
  { packId, offset, length }: { readonly packId: string; readonly offset: number; readonly length: number },
  isTree: boolean,
): Promise<Uint8Array> {
  const { cache } = objects;
  if (cache === undefined || !isTree) return objects.readPack(packId, offset, length);
  const kept = await cache.readPack(packId, offset, length);
  if (kept !== undefined && kept.length === length) return kept;
  const size = await objects.sizeOf('pack', packId);
  if (size === undefined || size > MAX_CACHED_BYTES) return objects.readPack(packId, offset, length);
  const pack = await objects.readPack(packId, 0, size);
  await cache.write('pack', packId, pack);
  return pack.subarray(offset, offset + length);
}
