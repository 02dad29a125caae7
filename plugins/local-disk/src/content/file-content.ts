import type { ByteRange, CallOptions, Content, Entry } from '@holdfast/core/plugin';
import { close } from '../syscalls/open.ts';
import { statFd } from '../syscalls/stat.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { openFileBeneath, sourceChanged } from './open-file.ts';
import { readPieces } from './read-pieces.ts';

type FileEntry = Entry & { readonly kind: 'file' };

/** The bytes of a scanned file below an open root. `root` is the root's absolute path, lossless. */
export function fileContent(rootFd: () => number, root: string, entry: FileEntry): Content {
  const { path, size, identity, metadata } = entry;
  const open: Content['open'] = (options) => readFile(rootFd(), entry, options);
  if (identity === undefined) return { size, open };
  const { dev, ino, ctimeNs } = identity;
  return {
    size,
    open,
    local: { root, path, dev, ino },
    // Made when asked for: a batch has no use for it.
    get version() {
      return [ino, size, metadata.mtimeNs, ctimeNs].join('-');
    },
  };
}

async function* readFile(
  rootFd: number,
  entry: FileEntry,
  { range, signal }: CallOptions & { readonly range?: ByteRange },
): AsyncGenerator<Uint8Array, void> {
  signal?.throwIfAborted();
  const fd = openFileBeneath(rootFd, entry.path);
  try {
    requireUnchanged(fd, entry, 'it is not what was scanned');
    const start = range?.offset ?? 0n;
    const end = range === undefined ? entry.size : range.offset + range.length;
    yield* readPieces(fd, entry.path, { start: Number(start), end: Number(end < entry.size ? end : entry.size) }, signal);
    requireUnchanged(fd, entry, 'it changed while it was read');
  } finally {
    close(fd);
  }
}

function requireUnchanged(fd: number, { path, size, identity, metadata }: FileEntry, how: string): void {
  const now = new StatxRecord();
  statFd(fd, now);
  const isSame =
    BigInt(now.size) === size &&
    (metadata.mtimeNs === undefined || now.mtimeNs === metadata.mtimeNs) &&
    (identity === undefined || (now.ino === identity.ino && now.dev === identity.dev && now.ctimeNs === identity.ctimeNs));
  if (!isSame) throw sourceChanged(path, how);
}
