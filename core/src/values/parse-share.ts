import { usageError } from './usage-error.ts';

/** A number of things, or so many percent of them. */
export type Share = { readonly kind: 'count'; readonly count: number } | { readonly kind: 'percent'; readonly percent: number };

/** A count or a share: `100`, `50%`, `0.5%`. Throws `usage`, also for more than 100 %. */
export function parseShare(written: string): Share {
  const match = /^(?:(\d+)|(\d+(?:\.\d+)?)\s*%)$/.exec(written.trim());
  const count = Number(match?.[1] ?? 0);
  const percent = Number(match?.[2] ?? 0);
  if (match === null || percent > 100 || !Number.isSafeInteger(count)) {
    throw usageError('number or percentage', written, 'for example 100, or 50%');
  }
  return match[1] === undefined ? { kind: 'percent', percent } : { kind: 'count', count };
}

/** How many of `total` a share is; of a percentage the whole ones. */
export function shareOf(share: Share, total: number): number {
  return share.kind === 'count' ? share.count : Math.floor((total * share.percent) / 100);
}
