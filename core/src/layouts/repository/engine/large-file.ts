import { close } from 'node:fs';
import type { EngineTask } from './engine-task.ts';
import { toError, type WaitingFile } from './file-batch.ts';
import type { FileReport, FileState, OpenFile, ToWorker } from './protocol.ts';
import { type ChunkRun, joinRuns } from './stored-file.ts';

/**
 * A file that goes through the threads in pieces. The next piece begins where the last cut of this one is, which is known long before its
 * chunks are hashed and stored: so one file keeps several threads busy.
 */
export class LargeFile {
  readonly #waiting: WaitingFile;
  readonly #schedule: (task: EngineTask) => void;
  readonly #runs: ChunkRun[] = [];
  #isTorn = false;
  #state: FileState | undefined;
  #size = 0;
  #piecesHashed = 0;
  #piecesBegun = 0;
  #hasEnded = false;

  /** `schedule` is given one piece after the other. */
  constructor(waiting: WaitingFile, schedule: (task: EngineTask) => void) {
    this.#waiting = waiting;
    this.#schedule = schedule;
  }

  begin(): void {
    this.#schedulePiece(0, undefined);
  }

  #schedulePiece(position: number, open: OpenFile | undefined): void {
    const number = this.#piecesBegun++;
    const { file, signal } = this.#waiting;
    let [isBegun, isFollowed] = [false, false];
    this.#schedule({
      message: (task): ToWorker => {
        isBegun = true;
        return { kind: 'piece', task, file, open, position };
      },
      onCut: (end, next) => {
        isFollowed = true;
        if (signal?.aborted === true) this.#abandon(next, signal.reason);
        else this.#schedulePiece(position + end, next);
      },
      onHashed: (run, [report]) => this.#add(number, run, report as FileReport, !isFollowed),
      // What a thread works with is not ours to close.
      onError: (error) => this.#abandon(isBegun ? undefined : open, error),
    });
  }

  #abandon(open: OpenFile | undefined, reason: unknown): void {
    if (open !== undefined) close(open.fd);
    this.#waiting.reject(reason);
  }

  #add(number: number, run: ChunkRun, report: FileReport, isLast: boolean): void {
    if (report.kind === 'failed') this.#waiting.reject(toError(report.failure, this.#waiting.file));
    if (report.kind !== 'read') return;
    this.#runs[number] = run;
    this.#piecesHashed++;
    this.#size += report.size;
    this.#state = report.state;
    this.#isTorn ||= report.isTorn;
    this.#hasEnded ||= isLast;
    if (this.#hasEnded && this.#piecesHashed === this.#piecesBegun) this.#finish();
  }

  #finish(): void {
    this.#waiting.resolve({ ...joinRuns(this.#runs), size: this.#size, state: this.#state, isTorn: this.#isTorn });
  }
}
