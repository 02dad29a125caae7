import { chmod, link, mkdir, open, symlink, utimes } from 'node:fs/promises';
import type { RelPath } from '../contracts/rel-path.ts';
import { encodeText, joinPath, parentPath, parseRelPath } from '../paths/rel-path.ts';
import type { TreeDescription, TreeItem } from './tree-description.ts';

/**
 * Makes a described tree below a directory of this machine, as far as Node's `fs` can: files, directories, links, modes and times
 * to the microsecond. Throws for other kinds.
 */
export async function plantLocalTree(root: string, tree: TreeDescription): Promise<void> {
  for (const [name, item] of Object.entries(tree)) {
    const path = localPath(root, parseRelPath(name));
    await mkdir(localPath(root, parentPath(parseRelPath(name))), { recursive: true });
    await plant(root, path, item);
  }
  // Last, since what is made in a directory changes its time.
  for (const [name, item] of Object.entries(tree).reverse()) {
    const path = localPath(root, parseRelPath(name));
    if (
      typeof item === 'string' ||
      item instanceof Uint8Array ||
      !('mode' in item || 'mtimeNs' in item) ||
      item.kind === 'symlink'
    )
      continue;
    if (item.mode !== undefined) await chmod(path, item.mode);
    if (item.mtimeNs !== undefined) await utimes(path, Number(item.mtimeNs) / 1e9, Number(item.mtimeNs) / 1e9);
  }
}

async function plant(root: string, path: Buffer, item: TreeItem): Promise<void> {
  if (typeof item === 'string' || item instanceof Uint8Array) return plantFile(path, [{ offset: 0n, bytes: Buffer.from(item) }]);
  switch (item.kind) {
    case 'file':
      return plantFile(path, [{ offset: 0n, bytes: Buffer.from(item.content) }]);
    case 'sparse-file':
      return plantFile(path, item.data, item.size);
    case 'directory':
      await mkdir(path, { recursive: true });
      return;
    case 'symlink':
      return symlink(encodeText(item.target), path);
    case 'hard-link':
      return link(localPath(root, parseRelPath(item.existing)), path);
    default:
      throw new TypeError(`Node's fs cannot make a ${item.kind}.`);
  }
}

async function plantFile(
  path: Buffer,
  data: readonly { readonly offset: bigint; readonly bytes: Uint8Array }[],
  size?: bigint,
): Promise<void> {
  await using file = await open(path, 'w');
  for (const { offset, bytes } of data) await file.write(bytes, 0, bytes.length, Number(offset));
  if (size !== undefined) await file.truncate(Number(size));
}

function localPath(root: string, path: RelPath): Buffer {
  return encodeText(joinPath(root as RelPath, path));
}
