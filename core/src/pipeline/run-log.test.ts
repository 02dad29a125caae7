import { expect, it } from 'vitest';
import type { HoldfastEvent } from '../contracts/events.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import type { PlanRecord } from './plan/plan-record.ts';
import { RunLog } from './run-log.ts';

it('counts the bytes of a large file once, however they were told', async () => {
  const events: HoldfastEvent[] = [];
  const clock = new ManualClock();
  const log = new RunLog((event) => events.push(event), clock);
  const record = { op: 'store', path: 'big', bytes: 100n, reason: 'new' } as PlanRecord;
  log.enter('transfer', { files: 2, bytes: 110n });
  log.moved(7, 60);
  await clock.advance(1000);
  log.moved(7, 55);
  log.item(record, { id: 7 });
  await clock.advance(1000);
  log.item({ ...record, path: 'small', bytes: 10n } as PlanRecord, { id: 8 });
  const bytes = events.flatMap((event) => (event.type === 'progress' ? [event.done.bytes] : []));
  expect(bytes).toEqual([0n, 115n, 110n]);
});
