import type { Selection } from '../../../contracts/selection.ts';

/** Everything that is in a tree. */
export const wholeTree: Selection = {
  rules: [],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: false,
  paths: [],
  includeState: true,
};
