import type { RelPath } from '../../contracts/rel-path.ts';
import { inodeKey, readIno, readNlink } from '../../entries/stat-reader.ts';

/** The first name, in tree order, of an inode that has several. */
export interface FirstName {
  readonly path: RelPath;
  /** Position of its record in the plan; -1 while it has none, because nothing happens to it. */
  readonly position: number;
  /** Inode at the destination; undefined when nothing is there yet. */
  readonly destinationIno: bigint | undefined;
  /** It becomes another inode there, as far as is known yet. */
  readonly isStored: boolean;
}

interface Group {
  readonly first: FirstName;
  namesLeft: number;
}

/**
 * Hard links of a source while its tree is walked: which names are one inode, and whether they are one inode at the destination too.
 * A group is forgotten when all names of its inode were seen, so memory follows the groups that are open.
 */
export class LinkRegistry {
  readonly #groups = new Map<string, Group>();
  readonly #owners = new Map<bigint, { readonly inode: string; namesLeft: number }>();

  /** The first name of the inode, when this is another one; undefined when this is the first (it is kept) or the only name. */
  firstName(source: Uint8Array, device: bigint): FirstName | undefined {
    const key = inodeKey(source, device);
    const group = this.#groups.get(key);
    if (group === undefined) return undefined;
    group.namesLeft--;
    if (group.namesLeft <= 0) this.#groups.delete(key);
    return group.first;
  }

  keep(source: Uint8Array, device: bigint, first: FirstName): void {
    const namesLeft = readNlink(source) - 1;
    if (namesLeft > 0) this.#groups.set(inodeKey(source, device), { first, namesLeft });
  }

  /** Whether the destination's inode already serves another inode of the source: the two must be parted. */
  isForeign(source: Uint8Array, device: bigint, destination: Uint8Array): boolean {
    const links = readNlink(destination);
    if (links <= 1) return false;
    const ino = readIno(destination);
    const inode = inodeKey(source, device);
    const owner = this.#owners.get(ino);
    if (owner === undefined) {
      this.#owners.set(ino, { inode, namesLeft: links - 1 });
      return false;
    }
    if (--owner.namesLeft <= 0) this.#owners.delete(ino);
    return owner.inode !== inode;
  }
}
