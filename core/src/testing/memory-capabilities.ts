import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import { batchInMemory } from './memory-batch.ts';
import { cloneIntoMemory } from './memory-clone.ts';
import { directoriesOfMemory } from './memory-directories.ts';
import { extentsOfMemory } from './memory-extents.ts';
import { linksOfMemory, specialOfMemory } from './memory-links.ts';
import { lockOfMemory } from './memory-lock.ts';
import { metadataOfMemory } from './memory-metadata.ts';
import { copyInMemory, moveInMemory } from './memory-move.ts';
import { createOnlyOfMemory, digestsOfMemory, retentionOfMemory, usageOfMemory } from './memory-objects.ts';
import { patchOfMemory } from './memory-patch.ts';
import type { MemoryCapability } from './memory-options.ts';
import type { MemoryStore } from './memory-store.ts';

const makers: { readonly [Name in MemoryCapability]: (store: MemoryStore) => NonNullable<DestinationCapabilities[Name]> } = {
  directories: directoriesOfMemory,
  metadata: metadataOfMemory,
  links: linksOfMemory,
  special: specialOfMemory,
  move: moveInMemory,
  copy: copyInMemory,
  cloneFrom: cloneIntoMemory,
  extents: extentsOfMemory,
  patch: patchOfMemory,
  digests: digestsOfMemory,
  createOnly: createOnlyOfMemory,
  retention: retentionOfMemory,
  usage: usageOfMemory,
  lock: lockOfMemory,
  batch: batchInMemory,
};

/** The capabilities that the store's options leave it. */
export function memoryCapabilities(store: MemoryStore): DestinationCapabilities {
  const names = (Object.keys(makers) as MemoryCapability[]).filter((name) => store.can(name));
  return Object.fromEntries(names.map((name) => [name, makers[name](store)]));
}
