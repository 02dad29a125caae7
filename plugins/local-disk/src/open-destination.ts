import { decodeText, encodeText, HoldfastError } from '@holdfast/core/plugin';
import type { ErrorCode } from '@holdfast/core/plugin';
import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { LocalDestination } from './destination.ts';
import type { DiskEnvironment } from './disk-environment.ts';
import { DiskRoot } from './objects/disk-root.ts';
import { tempPrefix } from './store/temp-name.ts';
import { ERRNO, SystemCallError } from './syscalls/errno.ts';
import type { ErrnoName } from './syscalls/errno.ts';
import { close, openPath } from './syscalls/open.ts';
import { O_DIRECTORY } from './syscalls/open-flags.ts';
import { readTraits } from './traits.ts';

const rootErrors: Readonly<Record<number, readonly [code: ErrorCode, text: string]>> = {
  [ERRNO.ENOENT]: ['not-found', 'it does not exist'],
  [ERRNO.ENOTDIR]: ['not-a-directory', 'it is not a directory'],
  [ERRNO.EEXIST]: ['not-a-directory', 'it is not a directory'],
  [ERRNO.EACCES]: ['destination-denied', 'access is denied'],
  [ERRNO.EPERM]: ['destination-denied', 'access is denied'],
  [ERRNO.EROFS]: ['read-only', 'it does not exist, and the file system is read-only'],
  [ERRNO.ENOSPC]: ['destination-full', 'there is no room for it'],
};

/**
 * Opens a directory as a destination. `path` is absolute or relative to the working directory, lossless like RelPath; a symbolic link is
 * followed. With `create` the directory and what is missing above it is made.
 *
 * Throws `not-found`, `not-a-directory`, `destination-denied`, `read-only`, `destination-full` or `write-failed`.
 */
export function openDestination(path: string, create: boolean, environment: DiskEnvironment): LocalDestination {
  environment.pool.warmUp();
  const bytes = encodeText(path);
  let fd = -1;
  try {
    if (create) makeDirectory(bytes);
    fd = openPath(bytes, O_DIRECTORY);
    const real = decodeText(realpathSync.native(bytes, 'buffer'));
    const traits = readTraits(fd, real);
    return new LocalDestination(new DiskRoot(fd, real, tempPrefix(randomBytes(6).toString('hex'))), traits, environment);
  } catch (error) {
    if (fd >= 0) close(fd);
    throw explainRoot(path, error);
  }
}

/** Makes a directory and what is missing above it. Node's own way of doing so says of a read-only file system that the path does not exist. */
function makeDirectory(path: Buffer): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const slash = path.subarray(0, -1).lastIndexOf('/');
    if (code !== 'ENOENT' || slash <= 0) throw error;
    makeDirectory(path.subarray(0, slash));
    mkdirSync(path);
  }
}

function explainRoot(path: string, error: unknown): unknown {
  const errno = error instanceof SystemCallError ? error.errno : ERRNO[(error as NodeJS.ErrnoException).code as ErrnoName];
  if (errno === undefined || !(error instanceof Error)) return error;
  const [code, text] = rootErrors[errno] ?? ['write-failed', error.message];
  return new HoldfastError(code, `Cannot use ${JSON.stringify(path)} as a destination: ${text}.`, { cause: error });
}
