import { lstatSync, readlinkSync } from 'node:fs';
import type { LocalFile } from '../contracts/content.ts';
import type { Entry, EntryBase } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { decodeText, encodeText, joinPath } from '../paths/rel-path.ts';
import { plantLocalTree } from '../testing/plant-local-tree.ts';
import type { TreeDescription } from '../testing/tree-description.ts';
import type { CheckContext } from './check-context.ts';

/** A tree of real files, for what copies local files by itself. */
export class LocalTree {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async plant(context: CheckContext, tree: TreeDescription): Promise<LocalTree> {
    const root = await context.localDirectory();
    await plantLocalTree(root, tree);
    return new LocalTree(root);
  }

  /** More files, or the same ones with other content. */
  async add(tree: TreeDescription): Promise<void> {
    await plantLocalTree(this.root, tree);
  }

  file(name: string): LocalFile {
    const { dev, ino } = this.#stat(name);
    return { root: this.root, path: name as RelPath, dev, ino };
  }

  /** What is at a name, as a scan gives it. */
  entry(name: string): Entry {
    const stats = this.#stat(name);
    const { dev, ino, nlink, ctimeNs, mtimeNs, mode, uid, gid } = stats;
    const base: EntryBase = {
      path: name as RelPath,
      metadata: { mode: Number(mode & 0o7777n), uid: Number(uid), gid: Number(gid), mtimeNs },
      identity: { dev, ino, nlink: Number(nlink), ctimeNs },
    };
    if (stats.isDirectory()) return { ...base, kind: 'directory' };
    if (!stats.isSymbolicLink()) return { ...base, kind: 'file', size: stats.size };
    return { ...base, kind: 'symlink', target: decodeText(readlinkSync(this.#path(name), { encoding: 'buffer' })) };
  }

  #stat(name: string) {
    return lstatSync(this.#path(name), { bigint: true });
  }

  #path(name: string): Buffer {
    return encodeText(joinPath(this.root as RelPath, name));
  }
}
