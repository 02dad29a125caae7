import type { KeepRule } from './keep-rule.ts';
import { parseAge } from './parse-age.ts';
import { parseShare } from './parse-share.ts';
import { parseSize } from './parse-size.ts';
import { usageError } from './usage-error.ts';

const expected = 'an age (30d), a size (100G), or the room to leave free (free=50G, free=10%)';

/** The rule of one `--safety-net-keep AGE|SIZE|free=SIZE|free=N%`. Throws `usage`, also for `10m`, which could be minutes or MiB. */
export function parseKeepRule(written: string): KeepRule {
  const text = written.trim();
  const free = /^free=(.*)$/i.exec(text)?.[1];
  if (free !== undefined) return parseFree(free, written);
  if (/^\d+\s*m$/i.test(text) && !text.endsWith('M')) {
    throw usageError('rule', written, `${Number.parseInt(text, 10)}min for minutes or ${Number.parseInt(text, 10)}M for MiB`);
  }
  if (/^[\d.]+\s*([kmgtp]?(i?b)?)$/i.test(text)) return { kind: 'size', bytes: parseSize(text) };
  if (/^\d+\s*[a-z]/i.test(text)) return { kind: 'age', ms: parseAge(text) };
  throw usageError('rule for the safety net', written, expected);
}

function parseFree(text: string, written: string): KeepRule {
  if (!text.endsWith('%')) return { kind: 'free', bytes: parseSize(text) };
  const share = parseShare(text);
  if (share.kind === 'count') throw usageError('rule for the safety net', written, expected);
  return { kind: 'free-percent', percent: share.percent };
}
