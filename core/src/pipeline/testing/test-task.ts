import { tmpdir } from 'node:os';
import type { HoldfastEvent } from '../../contracts/events.ts';
import type { Selection } from '../../contracts/selection.ts';
import type { Source } from '../../contracts/source.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { LayoutSession } from '../layout.ts';
import type { Task } from '../task.ts';

export const everything: Selection = {
  rules: [],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: false,
  paths: [],
  includeState: false,
};

/** A task over test doubles, with everything switched on; `events` gathers what it says. */
export function testTask(
  source: Source,
  layout: LayoutSession,
  changes: Partial<Task> = {},
): Task & { readonly events: HoldfastEvent[] } {
  const events: HoldfastEvent[] = [];
  return {
    source,
    layout,
    selection: everything,
    rules: { checksum: false, owner: true, xattrs: true, overwrite: 'if-changed', deletes: true },
    guards: [],
    verify: 'size',
    dryRun: false,
    runId: '2026-01-01T000000.000Z',
    scratch: tmpdir(),
    clock: new ManualClock(),
    sink: (event) => events.push(event),
    signal: new AbortController().signal,
    ...changes,
    events,
  };
}
