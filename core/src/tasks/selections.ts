import { relative } from 'node:path';
import type { Selection } from '../contracts/selection.ts';
import { addExclusion, patternOf } from '../selection/add-exclusion.ts';
import { isInside } from './guard-ends.ts';

export const everything: Selection = {
  rules: [],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: false,
  paths: [],
  includeState: false,
};

/** Leaves a destination that lies within the source out of the copy. Paths are absolute with links followed. */
export function leaveOut(selection: Selection, source: string | undefined, destination: string | undefined): Selection {
  if (source === undefined || destination === undefined || !isInside(destination, source)) return selection;
  return addExclusion(selection, `${patternOf(relative(source, destination))}/`);
}
