import type { FileState } from './protocol.ts';

/** What storing a file gave. */
export interface StoredFile {
  /** The ids of its chunks in their order, 32 bytes each. */
  readonly ids: Uint8Array;
  /** Bytes that were read. */
  readonly size: number;
  /** Chunks that nobody had, and their bytes. */
  readonly newBlobs: number;
  readonly newBytes: number;
  /** The inode before it was read, to be compared with what was scanned; undefined for content that is not a local file. */
  readonly state: FileState | undefined;
  /** It changed while it was read. */
  readonly isTorn: boolean;
}

/** What one task made of consecutive chunks. */
export interface ChunkRun {
  readonly ids: Uint8Array;
  readonly lengths: Uint32Array;
  /** 1 for every chunk that nobody had. */
  readonly wanted: Uint8Array;
}

/** New chunks of `run` from `from` to `to`, and their bytes. */
export function countNew(
  { lengths, wanted }: ChunkRun,
  from: number,
  to: number,
): { readonly newBlobs: number; readonly newBytes: number } {
  let newBlobs = 0;
  let newBytes = 0;
  for (let index = from; index < to; index++) {
    if (wanted[index] === 0) continue;
    newBlobs++;
    newBytes += lengths[index] as number;
  }
  return { newBlobs, newBytes };
}

/** What runs that follow each other make together. */
export function joinRuns(runs: readonly ChunkRun[]): Pick<StoredFile, 'ids' | 'newBlobs' | 'newBytes'> {
  const counts = runs.map((run) => countNew(run, 0, run.wanted.length));
  return {
    ids: Buffer.concat(runs.map(({ ids }) => ids)),
    newBlobs: counts.reduce((sum, { newBlobs }) => sum + newBlobs, 0),
    newBytes: counts.reduce((sum, { newBytes }) => sum + newBytes, 0),
  };
}
