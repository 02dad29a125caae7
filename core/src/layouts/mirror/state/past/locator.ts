import type { RelPath } from '../../../../contracts/rel-path.ts';
import { joinPath } from '../../../../paths/rel-path.ts';
import { displacedKey } from '../state-keys.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { FoundStep, StepIndex } from './step-index.ts';

/** Where the bytes of a version are now. */
export interface KeptLocation {
  readonly kind: 'kept';
  readonly key: RelPath;
  /** Nothing happened to the file since, so that its metadata too is that of the version. */
  readonly isUntouched: boolean;
}
export interface LostLocation {
  readonly kind: 'lost';
  /** Why it is not kept, in words for people. */
  readonly reason: string;
}
export type Location = KeptLocation | LostLocation;

/** A run after the version, committed or interrupted. */
export interface LaterRun {
  readonly runId: string;
  /** Its archive is there. */
  readonly isArchiveKept: boolean;
  /** Why what it did not archive is gone. */
  readonly whyGone: string;
}

/** Follows files of one version through the runs after it. */
export class Locator {
  readonly #runs: readonly LaterRun[];
  readonly #index: StepIndex;

  /** `runs` in their order; the steps of the index are numbered accordingly. */
  constructor(runs: readonly LaterRun[], index: StepIndex) {
    this.#runs = runs;
    this.#index = index;
  }

  /** Nothing happened since: every file is where it was. */
  get isTrivial(): boolean {
    return this.#index.isEmpty;
  }

  /** Whether anything happened at this path or to a directory above it. */
  isTouched(path: RelPath): boolean {
    return this.#index.next(path, 0) !== undefined;
  }

  /**
   * Where the file that was at `path` may be, best guess first. More than one answer where a run was cut short: then the first that
   * still is of the version is the right one.
   */
  locate(path: RelPath, fingerprint: Fingerprint): readonly Location[] {
    return this.#follow(path, fingerprint, 0, true);
  }

  #follow(start: RelPath, fingerprint: Fingerprint, from: number, untouched: boolean): readonly Location[] {
    let path = start;
    let isUntouched = untouched;
    for (let run = from; ; ) {
      const found = this.#index.next(path, run);
      if (found === undefined) return [{ kind: 'kept', key: path, isUntouched }];
      const { step } = found;
      run = step.run + 1;
      if (step.kind === 'archived') return [this.#inArchive(step.run, path, isUntouched)];
      if (step.kind === 'present' && found.at === path && step.fingerprint === fingerprint) isUntouched = false;
      else if (step.kind === 'moved') {
        path = below(found, path, step.to);
        isUntouched = false;
      } else if (step.kind === 'maybe-moved') {
        const moved = this.#follow(below(found, path, step.to), fingerprint, run, false);
        return [...moved, ...this.#follow(path, fingerprint, run, isUntouched)];
      } else return [{ kind: 'lost', reason: this.#whyLost(step.run, step.kind) }];
    }
  }

  #inArchive(run: number, path: RelPath, isUntouched: boolean): Location {
    const { runId = '', isArchiveKept = false } = this.#runs[run] ?? {};
    if (isArchiveKept) return { kind: 'kept', key: displacedKey(runId, path), isUntouched };
    return { kind: 'lost', reason: `the safety net of run ${runId} held it and was pruned` };
  }

  #whyLost(run: number, kind: FoundStep['step']['kind']): string {
    const { runId = '', whyGone = '' } = this.#runs[run] ?? {};
    return kind === 'gone' ? whyGone : `run ${runId} found something else in its place`;
  }
}

/** Where `path` is when the step's path became `to`. */
function below({ at }: FoundStep, path: RelPath, to: RelPath): RelPath {
  return joinPath(to, path === at ? '' : path.slice(at === '' ? 0 : at.length + 1));
}
