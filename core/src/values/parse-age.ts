import { usageError } from './usage-error.ts';

const millisecondsPer = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
} as const;

/**
 * Milliseconds of an AGE: `30d`, `12h`, `30d 12h`, `2w`, `1y`, `90min`. Units are s, m or min, h, d, w, y (365 days); each at most
 * once. Throws `usage`.
 */
export function parseAge(written: string): number {
  const parts = [...written.matchAll(/(\d+)\s*(min|[smhdwy])\s*/gi)];
  const units = parts.map((part) => part[2]?.toLowerCase().replace('min', 'm') as keyof typeof millisecondsPer);
  const understood = parts.map((part) => part[0]).join('') === written.trimStart() && parts.length > 0;
  if (!understood || new Set(units).size < units.length) {
    throw usageError('age', written, 'numbers with s, min, h, d, w or y, for example "30d 12h"');
  }
  return parts.reduce((sum, part, index) => sum + Number(part[1]) * millisecondsPer[units[index] ?? 's'], 0);
}
