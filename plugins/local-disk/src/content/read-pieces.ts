import type { RelPath } from '@holdfast/core/plugin';
import { read as readCallback } from 'node:fs';
import { promisify } from 'node:util';
import { ERRNO, type ErrnoName } from '../syscalls/errno.ts';
import { readFailure, sourceChanged } from './open-file.ts';

const PIECE_BYTES = 1 << 20;
const read = promisify(readCallback);

/** The bytes from `start` to `end` of an open file, in pieces of 1 MiB. Node's own threads read, so that the main thread goes on. */
export async function* readPieces(
  fd: number,
  path: RelPath,
  { start, end }: { readonly start: number; readonly end: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  for (let at = start; at < end; ) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, end - at));
    const { bytesRead } = await read(fd, piece, 0, piece.length, at).catch((error: unknown) => {
      const { code = 'EIO' } = error as NodeJS.ErrnoException;
      throw readFailure(path, { syscall: 'read', errno: ERRNO[code as ErrnoName] });
    });
    signal?.throwIfAborted();
    if (bytesRead === 0) throw sourceChanged(path, 'it became shorter while it was read');
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
