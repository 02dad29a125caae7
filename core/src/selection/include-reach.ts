import type { Pattern } from './pattern.ts';

/**
 * The function that says whether something below a directory may match an including pattern, so that a walk need not enter
 * the others. Only what stands before the first wildcard of an anchored pattern is looked at: true when in doubt.
 */
export function compileIncludeReach(patterns: readonly Pattern[]): (bytePath: string) => boolean {
  const prefixes = patterns.filter(({ includes }) => includes).map(({ bytes }) => literalPrefix(bytes));
  if (prefixes.includes('')) return () => true;
  return (bytePath) => prefixes.some((prefix) => `${prefix}/`.startsWith(`${bytePath}/`) || bytePath.startsWith(`${prefix}/`));
}

/** The segments of an anchored pattern (one with a `/` before its end) up to the first with a wildcard, joined by `/`. */
function literalPrefix(pattern: string): string {
  const body = pattern.replace(/\/$/, '');
  if (!body.includes('/')) return '';
  const segments = body.replace(/^\//, '').split('/');
  const wild = segments.findIndex((segment) => /[*?[\\]/.test(segment));
  return segments.slice(0, wild < 0 ? segments.length : wild).join('/');
}
