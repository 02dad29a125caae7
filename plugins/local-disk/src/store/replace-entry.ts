import { displace, undoDisplace } from './displace.ts';
import type { Place } from './place.ts';
import { noteFailure } from './failure-note.ts';
import { enter } from './step.ts';

export interface Replacement {
  readonly rootFd: number;
  /** Path of `place` below the root. */
  readonly key: Uint8Array;
  readonly place: Place;
  /** Where to put what has the name; without it that is lost. */
  readonly displaceTo: Uint8Array | undefined;
}

/**
 * Lets `take` put something at a place, after what is there was displaced. Should `take` fail, the old holder gets its name back.
 * @returns whether something was displaced @throws what `take` throws, SystemCallError
 */
export function replaceEntry({ rootFd, key, place, displaceTo }: Replacement, take: () => void): boolean {
  if (displaceTo === undefined) {
    take();
    return false;
  }
  const displacement = displace(rootFd, place, key, displaceTo);
  try {
    enter('destination', 'write');
    take();
    return displacement !== 'none';
  } catch (error) {
    restore(() => undoDisplace(rootFd, place, key, displaceTo, displacement));
    throw error;
  }
}

/** What cannot be put back stays where it was displaced to, whole; the first failure is the one to tell. */
function restore(undo: () => void): void {
  try {
    undo();
  } catch (error) {
    noteFailure(error);
  }
}
