import { relative } from 'node:path';
import type { Selection } from '../contracts/selection.ts';
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
  // gitignore(5): a leading slash anchors, a trailing one means directories; these characters have a meaning there.
  const pattern = `/${relative(source, destination).replace(/[\\*?[\]!# ]/g, '\\$&')}/`;
  return { ...selection, rules: [...selection.rules, { effect: 'exclude', pattern }] };
}
