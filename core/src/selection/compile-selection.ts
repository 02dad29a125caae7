import type { RelPath } from '../contracts/rel-path.ts';
import type { Selection } from '../contracts/selection.ts';
import { baseName, parentPath } from '../paths/rel-path.ts';
import { compileIncludeReach } from './include-reach.ts';
import { compilePathList } from './path-list.ts';
import { type Pattern, readPattern, toByteText } from './pattern.ts';
import { compileRules } from './rule-matcher.ts';

/**
 * `in`: takes part. `out`: does not, and a directory is not entered. `only-if-descendants` (directories only): is entered, and
 * takes part only once something below it does; a directory that ends up without is not part of the scan.
 */
export type SelectionAnswer = 'in' | 'out' | 'only-if-descendants';

/**
 * A selection's rules, `paths` and `excludeLargerThan` as functions. What needs a look at the file system (`excludeIfPresent`,
 * `excludeCaches`, `oneFileSystem`, `includeState`) is the scanner's.
 *
 * Callers walk from the root down and do not ask about what is below an `out` directory.
 */
export interface CompiledSelection {
  /** Nothing to ask: everything is `in`. */
  readonly trivial: boolean;
  /** `only-if-descendants` may be answered; where false, only `in` and `out`. */
  readonly mayDefer: boolean;
  /**
   * Whether an entry takes part. `isDirectory` is false for a symbolic link to a directory; `size` is that of a regular file, bytes,
   * and absent for everything else. The root is never `out`.
   */
  readonly decide: (path: string, isDirectory: boolean, size?: bigint) => SelectionAnswer;
  /** Whether `decide` answers `out`. */
  readonly excludes: (path: string, isDirectory: boolean, size?: bigint) => boolean;
}

/**
 * Makes the functions of a selection. Rules are gitignore(5)'s patterns, the last that matches decides, and nothing below an
 * excluded directory can be included again. With `exclude` rules everything else takes part; with `include` rules alone only what
 * matches, what is below a directory that does, and the directories leading there.
 */
export function compileSelection(selection: Selection): CompiledSelection {
  const { rules, paths, excludeLargerThan } = selection;
  const onlyIncludes = rules.length > 0 && rules.every(({ effect }) => effect === 'include');
  const patterns = rules.map(readPattern).filter((pattern) => pattern !== undefined);
  const decideByRules = rules.length === 0 ? undefined : onlyIncludes ? decideIncluded(patterns) : decideExcluded(patterns);
  const decideByPaths = paths.length === 0 ? undefined : compilePathList(paths);

  const decide = (path: string, isDirectory: boolean, size?: bigint): SelectionAnswer => {
    if (size !== undefined && excludeLargerThan !== undefined && size > excludeLargerThan) return 'out';
    const listed = decideByPaths?.(path as RelPath) ?? 'within';
    if (listed === 'outside' || (listed === 'leading' && !isDirectory)) return 'out';
    const ruled = path === '' || decideByRules === undefined ? 'in' : decideByRules(path as RelPath, isDirectory);
    return ruled === 'in' && listed === 'leading' && path !== '' ? 'only-if-descendants' : ruled;
  };
  return {
    trivial: decideByRules === undefined && decideByPaths === undefined && excludeLargerThan === undefined,
    mayDefer: onlyIncludes || decideByPaths !== undefined,
    decide,
    excludes: (path, isDirectory, size) => decide(path, isDirectory, size) === 'out',
  };
}

type Decision = (path: RelPath, isDirectory: boolean) => SelectionAnswer;

function decideExcluded(patterns: readonly Pattern[]): Decision {
  const test = compileRules(patterns);
  // Nothing above an entry that is asked about is out, so patterns that look at names alone need no more than the name.
  const onNames = patterns.every(({ bytes }) => !bytes.slice(0, -1).includes('/'));
  return (path, isDirectory) => (test(toByteText(onNames ? baseName(path) : path), isDirectory) === 'excluded' ? 'out' : 'in');
}

function decideIncluded(patterns: readonly Pattern[]): Decision {
  const test = compileRules(patterns);
  const mayReach = compileIncludeReach(patterns);
  // Siblings come one after the other, so the last directory's answer serves nearly all of them.
  let lastDirectory: RelPath | undefined;
  let lastIncluded = false;

  const isIncluded = (directory: RelPath): boolean => {
    if (directory === '') return false;
    if (directory === lastDirectory) return lastIncluded;
    const answer = test(toByteText(directory), true);
    const included = answer === 'included' || (answer === 'unmatched' && isIncluded(parentPath(directory)));
    lastDirectory = directory;
    lastIncluded = included;
    return included;
  };
  return (path, isDirectory) => {
    const bytePath = toByteText(path);
    const answer = test(bytePath, isDirectory);
    if (answer === 'excluded') return 'out';
    if (answer === 'included' || isIncluded(parentPath(path))) return 'in';
    return isDirectory && mayReach(bytePath) ? 'only-if-descendants' : 'out';
  };
}
