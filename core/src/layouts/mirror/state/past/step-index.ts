import type { RelPath } from '../../../../contracts/rel-path.ts';
import { parentPath } from '../../../../paths/rel-path.ts';
import type { Fingerprint } from './fingerprint.ts';

/** What a run did to what was at a path before it. `now`: the file that is there after it. */
export type Step =
  /** Put it into its archive, under this path. */
  | { readonly run: number; readonly kind: 'archived'; readonly now?: Fingerprint }
  /** Replaced or removed it without keeping it, or found it gone. */
  | { readonly run: number; readonly kind: 'gone'; readonly now?: Fingerprint }
  /** Left the bytes as they were, if this still is the copy that was there. */
  | { readonly run: number; readonly kind: 'present'; readonly now: Fingerprint }
  /** There is a directory at this path after the run. */
  | { readonly run: number; readonly kind: 'directory' }
  | { readonly run: number; readonly kind: 'moved'; readonly to: RelPath; readonly now?: Fingerprint }
  /** Meant to move it, but was cut short before or after it did. */
  | { readonly run: number; readonly kind: 'maybe-moved'; readonly to: RelPath };

/** A step and the path it was recorded for: the one that was asked for or a directory above it. */
export interface FoundStep {
  readonly step: Step;
  readonly at: RelPath;
}

/** That a file has a name after a run, among others. */
export interface LinkStep {
  readonly run: number;
  readonly path: RelPath;
  readonly now: Fingerprint;
}

/** What some runs did, by path. Runs are numbered in their order. Takes memory for what changed, not for what is there. */
export class StepIndex {
  readonly #steps = new Map<string, Step | Step[]>();
  /** By the fingerprint of the source. */
  readonly #links = new Map<string, LinkStep[]>();

  get isEmpty(): boolean {
    return this.#steps.size === 0;
  }

  /** Steps of one path are added in the order of their runs. */
  add(path: RelPath, step: Step): void {
    const before = this.#steps.get(path);
    if (before === undefined) this.#steps.set(path, step);
    else if (Array.isArray(before)) before.push(step);
    else this.#steps.set(path, [before, step]);
  }

  addLink(link: LinkStep): void {
    const names = this.#links.get(link.now.source);
    if (names === undefined) this.#links.set(link.now.source, [link]);
    else names.push(link);
  }

  /** Names that runs gave to the source's file of this fingerprint, where it has several. */
  linksOf(source: string): readonly LinkStep[] {
    return source === '' ? [] : (this.#links.get(source) ?? []);
  }

  /** The first thing that happened to `path` from run `from` on, to itself or with a directory above it. What is said of the path itself comes first within a run. */
  next(path: RelPath, from: number): FoundStep | undefined {
    let found = this.#firstAt(path, from, true);
    for (let at = path; at !== ''; ) {
      at = parentPath(at);
      const above = this.#firstAt(at, from, false);
      if (above !== undefined && (found === undefined || above.step.run < found.step.run)) found = above;
    }
    return found;
  }

  #firstAt(at: RelPath, from: number, isItself: boolean): FoundStep | undefined {
    const steps = this.#steps.get(at);
    if (steps === undefined) return undefined;
    for (const step of Array.isArray(steps) ? steps : [steps]) {
      if (step.run >= from && (isItself || step.kind !== 'directory')) return { step, at };
    }
    return undefined;
  }
}
