import type { HoldfastEvent, ItemEvent, PlanEvent, RelPath, SummaryEvent } from '@holdfast/core';

export function path(text: string): RelPath {
  return text as RelPath;
}

export function item(op: ItemEvent['op'], name: string, more: Partial<ItemEvent> = {}): ItemEvent {
  return { type: 'item', op, path: path(name), bytes: 0n, ...more };
}

export function plan(op: PlanEvent['op'], name: string, reason: PlanEvent['reason'], bytes = 0n): PlanEvent {
  return { type: 'plan', op, path: path(name), reason, bytes };
}

export function summary(
  more: Partial<Omit<SummaryEvent, 'counts'>> & { readonly counts?: Partial<SummaryEvent['counts']> } = {},
): SummaryEvent {
  return {
    type: 'summary',
    status: 'ok',
    exitCode: 0,
    bytes: { read: 0n, written: 0n, stored: 0n },
    seconds: 2.5,
    verified: { method: 'none', files: 0, bytes: 0n },
    ...more,
    counts: { stored: 0, kept: 0, metadata: 0, renamed: 0, retired: 0, excluded: 0, skipped: 0, failed: 0, ...more.counts },
  };
}

export const failure = (code: string, name: string, hint?: string): HoldfastEvent =>
  item(code === 'access-denied' ? 'skip' : 'store', name, {
    error: { code, message: `Cannot read "${name}".`, ...(hint === undefined ? {} : { hint }) },
  });
