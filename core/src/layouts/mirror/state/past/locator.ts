import type { RelPath } from '../../../../contracts/rel-path.ts';
import { joinPath } from '../../../../paths/rel-path.ts';
import { displacedKey } from '../state-keys.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { FoundStep, Step, StepIndex } from './step-index.ts';

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

/** What is known of a file while it is followed from `run` on. */
interface Trail {
  readonly path: RelPath;
  readonly known: Fingerprint;
  readonly run: number;
  readonly isUntouched: boolean;
  /** Gets every name that the file may have had. */
  readonly names: Set<RelPath>;
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
    return this.#follow({ path, known: fingerprint, run: 0, isUntouched: true, names: new Set() });
  }

  /**
   * Where else it may be, for a file that is in none of the places that `locate` names: in a safety net, under any of the names that it had.
   * A run that comes after one that was cut short archives what it finds without knowing what it was.
   */
  archivePlaces(path: RelPath, fingerprint: Fingerprint): readonly RelPath[] {
    const names = new Set<RelPath>();
    this.#follow({ path, known: fingerprint, run: 0, isUntouched: true, names });
    const runIds = this.#runs.filter(({ isArchiveKept }) => isArchiveKept).map(({ runId }) => runId);
    return runIds.flatMap((runId) => [...names].map((name) => displacedKey(runId, name)));
  }

  #follow({ names, ...start }: Trail): readonly Location[] {
    let { path, known, isUntouched } = start;
    for (let { run } = start; ; ) {
      names.add(path);
      const found = this.#index.next(path, run);
      if (found === undefined) return [{ kind: 'kept', key: path, isUntouched }];
      const { step } = found;
      run = step.run + 1;
      if (step.kind === 'maybe-moved') {
        const moved = this.#follow({ path: below(found, path, step.to), known, run, isUntouched: false, names });
        return [...moved, ...this.#follow({ path, known, run, isUntouched, names })];
      }
      const now = 'now' in step && found.at === path ? step.now : undefined;
      if (step.kind === 'moved') path = below(found, path, step.to);
      else if (!isSameFile(step, known, now)) return [this.#whereElse(step, path, isUntouched)];
      known = now ?? known;
      isUntouched = false;
    }
  }

  #whereElse(step: Step, path: RelPath, isUntouched: boolean): Location {
    const { runId = '', whyGone = '' } = this.#runs[step.run] ?? {};
    if (step.kind === 'archived') return this.#inArchive(step.run, path, isUntouched);
    return { kind: 'lost', reason: step.kind === 'gone' ? whyGone : `run ${runId} found something else in its place` };
  }

  #inArchive(run: number, path: RelPath, isUntouched: boolean): Location {
    const { runId = '', isArchiveKept = false } = this.#runs[run] ?? {};
    if (isArchiveKept) return { kind: 'kept', key: displacedKey(runId, path), isUntouched };
    return { kind: 'lost', reason: `the safety net of run ${runId} held it and was pruned` };
  }
}

/** Whether the file that is there after the step has the bytes of the version: it was left alone, or stored again from the same source. */
function isSameFile(step: Step, known: Fingerprint, now: Fingerprint | undefined): boolean {
  if (now === undefined) return false;
  return (step.kind === 'present' && now.copy === known.copy) || (known.source !== '' && now.source === known.source);
}

/** Where `path` is when the step's path became `to`. */
function below({ at }: FoundStep, path: RelPath, to: RelPath): RelPath {
  return joinPath(to, path === at ? '' : path.slice(at === '' ? 0 : at.length + 1));
}
