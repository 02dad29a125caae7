import { HoldfastError } from '../../../errors/holdfast-error.ts';
import type { ErrorCode } from '../../../errors/error-table.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { ID_BYTES } from '../format/object-id.ts';
import type { EngineTask } from './engine-task.ts';
import type { FileReport, FileToOpen, ToWorker } from './protocol.ts';
import { type ChunkRun, countNew, type StoredFile } from './stored-file.ts';

/** A file that waits for its turn. */
export interface WaitingFile {
  readonly file: FileToOpen;
  /** Bytes when it was scanned. */
  readonly size: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (stored: StoredFile) => void;
  readonly reject: (reason: unknown) => void;
}

/** Many small files in one task: a message for each would cost more than their bytes. */
export class FileBatch implements EngineTask {
  readonly #files: readonly WaitingFile[];
  readonly #onTooLarge: (file: WaitingFile) => void;

  /** `onTooLarge` gets what has grown out of the batch. */
  constructor(files: readonly WaitingFile[], onTooLarge: (file: WaitingFile) => void) {
    this.#files = files;
    this.#onTooLarge = onTooLarge;
  }

  message(task: number): ToWorker {
    return { kind: 'files', task, files: this.#files.map(({ file }) => file) };
  }

  onHashed(run: ChunkRun, reports: readonly FileReport[]): void {
    let from = 0;
    for (const [index, report] of reports.entries()) {
      const waiting = this.#files[index] as WaitingFile;
      if (report.kind === 'read') {
        const to = from + report.chunks;
        const { size, state, isTorn } = report;
        const ids = run.ids.slice(from * ID_BYTES, to * ID_BYTES);
        waiting.resolve({ ids, size, ...countNew(run, from, to), state, isTorn });
        from = to;
      } else if (report.kind === 'failed') {
        waiting.reject(toError(report.failure, waiting.file));
      } else {
        this.#onTooLarge(waiting);
      }
    }
  }

  onError(error: unknown): void {
    for (const { reject } of this.#files) reject(error);
  }
}

export function toError(
  { code, message }: { readonly code: string; readonly message: string },
  file?: FileToOpen,
): HoldfastError {
  return new HoldfastError(code as ErrorCode, message, file === undefined ? {} : { path: file.path as RelPath });
}
