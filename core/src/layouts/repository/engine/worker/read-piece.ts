import { closeSync } from 'node:fs';
import type { FileReport, FileToOpen, OpenFile } from '../protocol.ts';
import { fill, hasChanged, openLocal, readFailure } from './open-local.ts';
import type { Slot } from './slot.ts';
import { toFailure } from './to-failure.ts';

/** What a piece holds, and the open file where another follows. */
export interface PieceReport {
  readonly report: FileReport;
  readonly next: OpenFile | undefined;
}

/** Reads and cuts the piece of a large file that begins at `position`. Opens the file for its first piece and closes it after its last. */
export function readPiece(file: FileToOpen, known: OpenFile | undefined, position: number, slot: Slot): PieceReport {
  let open = known;
  try {
    open ??= openLocal(file);
    const { fd, state } = open;
    const count = fill(fd, slot.data, position);
    const isLast = count < slot.data.length || position + count === state.size;
    slot.cut(count, isLast);
    const isTorn = isLast && hasChanged(fd, state);
    if (isLast) closeSync(fd);
    const report: FileReport = { kind: 'read', chunks: slot.chunkCount, size: slot.end, state, isTorn };
    return { report, next: isLast ? undefined : open };
  } catch (error) {
    if (open !== undefined) closeSync(open.fd);
    return { report: { kind: 'failed', failure: toFailure(readFailure(file.path, error)) }, next: undefined };
  }
}
