import { parentPath } from '../paths/rel-path.ts';
import type { RelPath } from '../contracts/rel-path.ts';

/** Where a path is seen from a list of chosen ones: among or below them, on the way to one, or neither. */
export type PathListAnswer = 'within' | 'leading' | 'outside';

/** The function that finds a path in a list of chosen ones; an empty list chooses everything. */
export function compilePathList(paths: readonly string[]): (path: RelPath) => PathListAnswer {
  if (paths.length === 0 || paths.includes('')) return () => 'within';
  const chosen = new Set(paths as readonly RelPath[]);
  const leading = new Set<RelPath>(['' as RelPath]);
  for (const path of chosen) {
    for (let above = parentPath(path); !leading.has(above); above = parentPath(above)) leading.add(above);
  }
  return (path) => {
    for (let above = path; above !== ''; above = parentPath(above)) {
      if (chosen.has(above)) return 'within';
    }
    return leading.has(path) ? 'leading' : 'outside';
  };
}
