import { expect, test } from 'vitest';
import { CloneFixture } from './fixtures/clone-fixture.ts';
import type { Finished } from './fixtures/run-holdfast.ts';

/** What is wrong, each as `path: verdict`. */
function wrong({ events }: Finished): string[] {
  return events.flatMap(({ type, op, path, reason }) => (type === 'item' && op === 'verify' ? [`${path}: ${reason}`] : []));
}

test('verify tells what was changed from what is missing, and repairs it', { timeout: 60_000 }, async () => {
  await using fixture = await CloneFixture.make(
    'mkdir d; for i in 1 2 3 4; do echo "content $i" > d/f$i; done; head -c 2M /dev/urandom > big',
  );
  await fixture.succeed();
  const verify = (...options: string[]): Promise<Finished> => fixture.run(['verify', fixture.clone, ...options]);
  expect((await verify()).exitCode).toBe(0);
  await fixture.atClone('echo other > d/f1');
  const changed = await verify();
  expect([changed.exitCode, wrong(changed)]).toEqual([1, ['d/f1: changed']]);
  await fixture.atClone('rm d/f2');
  const lacking = await verify();
  expect([lacking.exitCode, wrong(lacking)]).toEqual([5, ['d/f1: changed', 'd/f2: missing']]);
  expect((await verify('--against', fixture.source)).exitCode).toBe(1);
  const repaired = await verify('--repair-from', fixture.source);
  expect(repaired.summary.counts).toMatchObject({ stored: 2, failed: 0 });
  expect((await verify()).exitCode).toBe(0);
  expect((await verify('--against', fixture.source)).exitCode).toBe(0);
  expect((await fixture.succeed()).summary.counts).toMatchObject({ stored: 0, metadata: 0, retired: 0, failed: 0 });
});
