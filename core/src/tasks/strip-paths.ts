import type { RelPath } from '../contracts/rel-path.ts';
import type { Selection } from '../contracts/selection.ts';
import { joinPath, parentPath, parseRelPath, rootPath } from '../paths/rel-path.ts';

/** What is restored, and below which directory of the version it is looked for. */
export interface StrippedSelection {
  readonly top: RelPath;
  readonly selection: Selection;
}

/**
 * The directory that all selected paths lie in, and the selection by paths below it. Without paths: those that the version is of. Of a single
 * path it is the path itself where `isDirectory` says so, else what holds it.
 */
export async function stripPaths(
  selection: Selection,
  versionPaths: readonly string[],
  isDirectory: (path: RelPath) => Promise<boolean>,
): Promise<StrippedSelection> {
  const chosen = selection.paths.length > 0 ? selection.paths : versionPaths;
  const paths = chosen.map((path) => parseRelPath(path.replace(/^\/+|\/+$/g, '')));
  const shared = paths.reduce<RelPath | undefined>(
    (common, path) => (common === undefined ? path : sharedPath(common, path)),
    undefined,
  );
  if (shared === undefined || shared === '') return { top: rootPath, selection };
  const top = (await isDirectory(shared)) ? shared : parentPath(shared);
  const below = (path: RelPath): string => (top === '' ? path : path.slice(top.length + 1));
  return { top, selection: { ...selection, paths: selection.paths.length === 0 || paths.includes(top) ? [] : paths.map(below) } };
}

function sharedPath(a: RelPath, b: RelPath): RelPath {
  const [left, right] = [a.split('/'), b.split('/')];
  let shared = rootPath;
  for (const [index, segment] of left.entries()) {
    if (right[index] !== segment) break;
    shared = joinPath(shared, segment);
  }
  return shared;
}
