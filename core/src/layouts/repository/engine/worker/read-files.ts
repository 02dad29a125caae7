import { closeSync } from 'node:fs';
import type { FileReport, FileToOpen } from '../protocol.ts';
import { toFailure } from './to-failure.ts';
import { fill, hasChanged, openLocal, readFailure } from './open-local.ts';
import type { Slot } from './slot.ts';

/** Reads whole files one after the other into a slot and cuts each. One file's failure is its report and nobody else's. */
export function readFiles(files: readonly FileToOpen[], slot: Slot): FileReport[] {
  let at = 0;
  return files.map((file) => {
    try {
      const report = readWhole(file, slot, at);
      if (report.kind === 'read') at += report.size;
      return report;
    } catch (error) {
      return { kind: 'failed', failure: toFailure(readFailure(file.path, error)) };
    }
  });
}

function readWhole(file: FileToOpen, slot: Slot, at: number): FileReport {
  const { fd, state } = openLocal(file);
  try {
    if (state.size > slot.data.length - at) return { kind: 'too-large' };
    const size = fill(fd, slot.data.subarray(at, at + state.size), 0);
    const isTorn = hasChanged(fd, state);
    const before = slot.chunkCount;
    slot.cut(at + size, true);
    return { kind: 'read', chunks: slot.chunkCount - before, size, state, isTorn };
  } finally {
    closeSync(fd);
  }
}
