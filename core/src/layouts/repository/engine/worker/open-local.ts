import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import type { ErrorCode } from '../../../../errors/error-table.ts';
import { encodeText } from '../../../../paths/rel-path.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import type { FileState, FileToOpen, OpenFile } from '../protocol.ts';

// A fifo that took the file's place must not keep us waiting.
const plainFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const quietFlags = plainFlags | constants.O_NOATIME;

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'not-found',
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  ELOOP: 'source-changed',
  ENOTDIR: 'source-changed',
  ENXIO: 'source-changed',
};

/** Opens a file and makes sure that it is the one that was scanned. Throws a HoldfastError; the caller closes the descriptor. */
export function openLocal({ root, path, dev, ino }: FileToOpen): OpenFile {
  const fd = openForReading(root === '/' ? `/${path}` : `${root}/${path}`, path);
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (stat.ino !== ino || stat.dev !== dev || !stat.isFile())
      throw changed(path, 'something else took its place since the scan');
    return { fd, state: { size: Number(stat.size), mtimeNs: stat.mtimeNs, ctimeNs: stat.ctimeNs } };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Whether an open file is no longer as it was. */
export function hasChanged(fd: number, { size, mtimeNs, ctimeNs }: FileState): boolean {
  const now = fstatSync(fd, { bigint: true });
  return Number(now.size) !== size || now.mtimeNs !== mtimeNs || now.ctimeNs !== ctimeNs;
}

/** Reads an open file from `position` on until `target` is full or the file ends; gives the number of bytes. */
export function fill(fd: number, target: Uint8Array, position: number): number {
  let at = 0;
  while (at < target.length) {
    const count = readSync(fd, target, at, target.length - at, position + at);
    if (count === 0) break;
    at += count;
  }
  return at;
}

/** What a failed system call means for the file at `path`. */
export function readFailure(path: string, error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new HoldfastError(codes[code] ?? 'read-failed', `Cannot read "${path}": ${code === '' ? message : code}.`, {
    path: path as RelPath,
    cause: error,
  });
}

function openForReading(whole: string, path: string): number {
  const name = whole.isWellFormed() ? whole : encodeText(whole);
  try {
    return openSync(name, quietFlags);
  } catch (error) {
    // Only the owner may leave the time of the last access as it is.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw readFailure(path, error);
  }
  try {
    return openSync(name, plainFlags);
  } catch (error) {
    throw readFailure(path, error);
  }
}

function changed(path: string, how: string): HoldfastError {
  return new HoldfastError('source-changed', `Cannot read "${path}": ${how}.`, { path: path as RelPath });
}
