import type { FileReport, OpenFile, ToWorker } from './protocol.ts';
import type { ChunkRun } from './stored-file.ts';

/** Work that takes a slot of a thread, and who waits for what comes of it. */
export interface EngineTask {
  message(task: number): ToWorker;
  /** A piece was cut: the next may begin `end` bytes behind its start. */
  onCut?(end: number, open: OpenFile | undefined): void;
  /** Its chunks are hashed, and it is decided which are stored. */
  onHashed(run: ChunkRun, reports: readonly FileReport[]): void;
  /** The engine cannot go on. */
  onError(error: Error): void;
}
