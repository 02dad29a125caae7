import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Run, Workplace } from '../cli/run-holdfast.ts';
import { hasRestic, restic } from './restic.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  mkdirSync(place.path('source'));
  writeFileSync(place.path('source/file'), 'content of a file\n');
  theirs(['init']);
});
afterEach(() => place[Symbol.dispose]());

function theirs(words: readonly string[]): string {
  const { status, stdout, stderr } = restic(place.path('repo'), 'secret', words);
  expect([status, stderr]).toEqual([0, expect.anything()]);
  return stdout;
}

const ours = (words: readonly string[]): Run =>
  place.run(['repo', 'forget', '@/repo', ...words], { env: { HOLDFAST_PASSWORD: 'secret' } });
const present = (): string[] => readdirSync(place.path('repo/snapshots')).sort();

function backUp(time: string, host: string, ...tags: readonly string[]): void {
  theirs(['backup', place.path('source'), '--time', time, '--host', host, ...tags.flatMap((tag) => ['--tag', tag])]);
}

function backUpOften(): void {
  backUp('2025-11-30 23:00:00', 'one');
  backUp('2026-02-28 08:00:00', 'one', 'keep');
  backUp('2026-02-28 08:30:00', 'one', 'keep', 'also');
  backUp('2026-03-01 09:00:00', 'one');
  backUp('2026-03-02 10:00:00', 'one');
  backUp('2026-01-01 10:00:00', 'two', 'other');
  backUp('2026-03-02 10:30:00', 'two');
}

interface Judged {
  readonly keep: readonly string[];
  readonly forget: readonly string[];
  readonly reasons: readonly (readonly [string, string])[];
}

interface ResticGroup {
  readonly keep: readonly { readonly id: string }[] | null;
  readonly remove: readonly { readonly id: string }[] | null;
  readonly reasons:
    | readonly { readonly snapshot: { readonly id: string; readonly time: string }; readonly matches: readonly string[] }[]
    | null;
}

/** What restic would do. The snapshots of its reasons carry no id, so those are told by their time. */
function judgeByRestic(words: readonly string[]): Judged {
  const groups = JSON.parse(theirs(['forget', '--dry-run', '--json', ...words])) as readonly ResticGroup[];
  const ids = (list: ResticGroup['keep']): string[] => (list ?? []).map(({ id }) => id);
  return {
    keep: groups.flatMap(({ keep }) => ids(keep)).sort(),
    forget: groups.flatMap(({ remove }) => ids(remove)).sort(),
    reasons: groups
      .flatMap(({ reasons }) => (reasons ?? []).map((each) => [each.snapshot.time, each.matches.join()] as const))
      .sort(),
  };
}

function judgeByUs(words: readonly string[]): Judged {
  const run = ours(['--dry-run', '--json', ...words]);
  expect(run.status).toBe(0);
  const lines = run.lines.filter(({ type }) => type === 'snapshot');
  const ids = (action: string): string[] => lines.filter((line) => line['action'] === action).map(({ id }) => id as string);
  const kept = lines.filter((line) => line['action'] === 'keep');
  return {
    keep: ids('keep').sort(),
    forget: ids('forget').sort(),
    reasons: kept.map((line) => [line['taken'] as string, (line['reasons'] as string[]).join()] as const).sort(),
  };
}

describe.runIf(hasRestic)('repo forget', () => {
  test('keeps what restic keeps, for its reasons', () => {
    backUpOften();
    const before = present();
    for (const words of [
      ['--keep-last', '2'],
      ['--keep-daily', '2', '--keep-monthly', '3'],
      ['--keep-hourly', '9', '--host', 'one'],
      ['--keep-weekly', '1', '--keep-yearly', '5', '--group-by', ''],
      ['--keep-within', '1m1d', '--keep-tag', 'keep,also'],
      ['--keep-within-daily', '2d', '--keep-within-monthly', '1y'],
      ['--keep-last', '1', '--group-by', 'host,tags'],
      ['--keep-last', '1', '--tag', 'keep', '--tag', 'other', '--path', place.path('source')],
    ])
      expect([words, judgeByUs(words)]).toEqual([words, judgeByRestic(words)]);
    expect(present()).toEqual(before);
  });

  test('removes what it told, and only that', () => {
    backUpOften();
    const { keep, forget } = judgeByRestic(['--keep-daily', '2']);
    expect(forget.length).toBeGreaterThan(0);
    expect(ours(['--keep-daily', '2'])).toMatchObject({ status: 0 });
    expect(present()).toEqual(keep);
    const [first = '', ...others] = keep;
    expect(ours([first.slice(0, 10)]).status).toBe(0);
    expect(present()).toEqual(others);
    theirs(['check', '--read-data']);
  });

  test('refuses what is unclear, and where a snapshot cannot be read', () => {
    backUp('2026-03-01 09:00:00', 'one');
    backUp('2026-03-02 09:00:00', 'one');
    const before = present();
    expect([ours([]).status, ours(['--host', 'one']).status, ours(['latest', '--keep-last', '1']).status]).toEqual([2, 2, 2]);
    expect([ours(['ffffffff']).status, ours(['--keep-last', '0']).status, ours(['--group-by', 'x']).status]).toEqual([2, 2, 2]);
    const damaged = place.path('repo/snapshots', before[0] ?? '');
    rmSync(damaged);
    writeFileSync(damaged, 'something else');
    expect(ours(['--keep-last', '1']).status).toBe(5);
    expect(present()).toEqual(before);
  });
});
