import type { RelPath } from '../../../contracts/rel-path.ts';
import { isIdName } from '../format/object-id.ts';

/** What a repository is made of, besides its one `config`. */
export type ObjectKind = 'pack' | 'index' | 'snapshot' | 'key' | 'lock';

export const configKey = 'config' as RelPath;

const folders: Readonly<Record<ObjectKind, string>> = {
  pack: 'data',
  index: 'index',
  snapshot: 'snapshots',
  key: 'keys',
  lock: 'locks',
};

/** The folder below which all objects of a kind are. */
export function folderOf(kind: ObjectKind): RelPath {
  return folders[kind] as RelPath;
}

/** Where an object is; `id` is 64 hexadecimal digits. Packs lie in 256 folders by the first two of them. */
export function objectKey(kind: ObjectKind, id: string): RelPath {
  return `${folders[kind]}/${kind === 'pack' ? `${id.slice(0, 2)}/` : ''}${id}` as RelPath;
}

/** The id of the object at a key below the folder of its kind; undefined for what is none, which nobody reads. */
export function objectIdOf(kind: ObjectKind, key: RelPath): string | undefined {
  const id = key.slice(key.lastIndexOf('/') + 1);
  return isIdName(id) && key === objectKey(kind, id) ? id : undefined;
}

/** As messages name an object. */
export function describeObject(kind: ObjectKind, id: string): string {
  const names = { pack: 'Pack', index: 'Index', snapshot: 'Snapshot', key: 'Key', lock: 'Lock' } as const;
  return `${names[kind]} ${id.slice(0, 12)} (${objectKey(kind, id)})`;
}
