import { type BigIntStats, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import type { LocalFile } from '../contracts/content.ts';
import type { EntryMetadata } from '../contracts/entry.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { decodeText, encodeText, joinPath } from '../paths/rel-path.ts';
import { SparseBytes } from './sparse-bytes.ts';

/** lstat(2) of a local file. Throws `source-changed` where another file has its place, `read-failed` where none has. */
export function statLocalFile(local: LocalFile): BigIntStats {
  const stats = readOrFail(local, (path) => lstatSync(path, { bigint: true }));
  if (stats.dev === local.dev && stats.ino === local.ino) return stats;
  throw new HoldfastError('source-changed', `"${local.path}" is not the file that was scanned.`, { path: local.path });
}

export function readLocalFile(local: LocalFile): SparseBytes {
  statLocalFile(local);
  const bytes = new SparseBytes();
  bytes.append(readOrFail(local, (path) => readFileSync(path)));
  return bytes;
}

/** The target of a local symbolic link, lossless. */
export function readLocalLink(local: LocalFile): string {
  return decodeText(readOrFail(local, (path) => readlinkSync(path, { encoding: 'buffer' })));
}

/** What Node's `fs` tells of metadata: neither xattrs nor flags. */
export function metadataOfStats(stats: BigIntStats, owner: boolean): EntryMetadata {
  return {
    mode: Number(stats.mode & 0o7777n),
    mtimeNs: stats.mtimeNs,
    atimeNs: stats.atimeNs,
    ...(owner ? { uid: Number(stats.uid), gid: Number(stats.gid) } : {}),
  };
}

function readOrFail<T>(local: LocalFile, read: (path: Buffer) => T): T {
  try {
    return read(encodeText(joinPath(local.root as LocalFile['path'], local.path)));
  } catch (cause) {
    throw new HoldfastError('read-failed', `Cannot read "${local.path}" below ${local.root}.`, { path: local.path, cause });
  }
}
