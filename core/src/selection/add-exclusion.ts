import type { Selection } from '../contracts/selection.ts';

/**
 * The selection without what matches a pattern. Where there are only includes the rule is a negated include: an exclude would turn
 * "only what is included" into "everything but what is excluded".
 */
export function addExclusion(selection: Selection, pattern: string): Selection {
  const onlyIncludes = selection.rules.length > 0 && selection.rules.every(({ effect }) => effect === 'include');
  const rule = onlyIncludes
    ? ({ effect: 'include', pattern: `!${pattern}` } as const)
    : ({ effect: 'exclude', pattern } as const);
  return { ...selection, rules: [...selection.rules, rule] };
}

/** The pattern that matches exactly the file or directory at `path`, which is relative to the selection's root. */
export function patternOf(path: string): string {
  return `/${path.replace(/[\\*?[\] ]/g, '\\$&')}`;
}
