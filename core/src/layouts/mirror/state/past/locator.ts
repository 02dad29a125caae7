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
interface LostLocation {
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

/** What is known of a file while it is followed from run to run. */
class Trail {
  path: RelPath;
  known: Fingerprint;
  run: number;
  isUntouched = true;
  /** Every name that it may have had, and every fingerprint of its source; shared with the forks. */
  names = new Set<RelPath>();
  sources = new Set<string>();

  constructor(path: RelPath, known: Fingerprint, run = 0) {
    this.path = path;
    this.known = known;
    this.run = run;
    this.#note();
  }

  fork(): Trail {
    const fork = new Trail(this.path, this.known, this.run);
    return Object.assign(fork, { isUntouched: this.isUntouched, names: this.names, sources: this.sources });
  }

  /** On to `run`, after something happened to the file. */
  go(run: number, path: RelPath, known: Fingerprint): void {
    this.run = run;
    this.path = path;
    this.known = known;
    this.isUntouched = false;
    this.#note();
  }

  #note(): void {
    this.names.add(this.path);
    this.sources.add(this.known.source);
  }
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
    return this.#follow(new Trail(path, fingerprint));
  }

  /** Where else it may be: under names that its inode got later. */
  locateLinks(path: RelPath, fingerprint: Fingerprint): readonly Location[] {
    const trail = new Trail(path, fingerprint);
    this.#follow(trail);
    const links = [...trail.sources].flatMap((source) => this.#index.linksOf(source));
    return links.flatMap((link) => this.#follow(new Trail(link.path, link.now, link.run + 1)));
  }

  /**
   * In which safety nets it may be, under any of the names that it had. A run that comes after one that was cut short archives what it
   * finds without knowing what it was.
   */
  archivePlaces(path: RelPath, fingerprint: Fingerprint): readonly RelPath[] {
    const trail = new Trail(path, fingerprint);
    this.#follow(trail);
    const runIds = this.#runs.filter(({ isArchiveKept }) => isArchiveKept).map(({ runId }) => runId);
    return runIds.flatMap((runId) => [...trail.names].map((name) => displacedKey(runId, name)));
  }

  #follow(trail: Trail): readonly Location[] {
    for (;;) {
      const { path, known, isUntouched } = trail;
      const found = this.#index.next(path, trail.run);
      if (found === undefined) return [{ kind: 'kept', key: path, isUntouched }];
      const { step } = found;
      const now = 'now' in step && found.at === path ? step.now : undefined;
      if (step.kind === 'maybe-moved') {
        const moved = trail.fork();
        moved.go(step.run + 1, below(found, path, step.to), known);
        trail.run = step.run + 1;
        return [...this.#follow(moved), ...this.#follow(trail)];
      }
      const isMoved = step.kind === 'moved';
      if (!isMoved && !isSameFile(step, known, now)) return [this.#whereElse(step, path, isUntouched)];
      trail.go(step.run + 1, isMoved ? below(found, path, step.to) : path, now ?? known);
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
