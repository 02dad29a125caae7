import { describe, expect, it } from 'vitest';
import { formatRunId } from '../records/run-id.ts';
import { type ArchiveFolder, choosePruned, type PruneFacts } from './choose-pruned.ts';
import { defaultKeepRules, type KeepRule } from './keep-rules.ts';

const now = new Date('2026-11-23T12:00:00Z');
const DAY_MS = 86_400_000;

/** A folder of so many bytes of a run so many days ago. */
function folder(daysAgo: number, bytes: number): ArchiveFolder {
  return { runId: formatRunId(new Date(now.getTime() - daysAgo * DAY_MS)), bytes: BigInt(bytes) };
}

const folders = [folder(1, 10), folder(40, 5), folder(10, 20), folder(31, 1)];

function pruned(rules: readonly KeepRule[], facts: Partial<PruneFacts> = {}, of = folders): number[] {
  const ages = new Map(
    of.map((each) => [each, (now.getTime() - Date.parse(each.runId.replace(/T(..)(..)/, 'T$1:$2:'))) / DAY_MS]),
  );
  return choosePruned(of, rules, { now, usage: undefined, ...facts }).map((each) => ages.get(each) ?? NaN);
}

describe('choosePruned', () => {
  it('gives up what is older than the age', () => {
    expect(pruned([{ kind: 'age', ms: 30 * DAY_MS }])).toEqual([40, 31]);
    expect(pruned([{ kind: 'age', ms: 31 * DAY_MS }])).toEqual([40]);
  });

  it('gives up the folder that crosses the size, counted from the newest, and all older ones', () => {
    expect(pruned([{ kind: 'size', bytes: 36n }])).toEqual([]);
    expect(pruned([{ kind: 'size', bytes: 30n }])).toEqual([40, 31]);
    expect(pruned([{ kind: 'size', bytes: 29n }])).toEqual([40, 31, 10]);
    expect(pruned([{ kind: 'size', bytes: 9n }])).toEqual([40, 31, 10, 1]);
  });

  it('gives up the oldest first until enough is free, all of them if need be', () => {
    const usage = { totalBytes: 1000n, freeBytes: 100n };
    expect(pruned([{ kind: 'free', bytes: 100n }], { usage })).toEqual([]);
    expect(pruned([{ kind: 'free', bytes: 106n }], { usage })).toEqual([40, 31]);
    expect(pruned([{ kind: 'free-percent', percent: 12 }], { usage })).toEqual([40, 31, 10]);
    expect(pruned([{ kind: 'free', bytes: 900n }], { usage })).toEqual([40, 31, 10, 1]);
    expect(pruned([{ kind: 'free', bytes: 900n }])).toEqual([]);
  });

  it('counts what other rules free already', () => {
    const usage = { totalBytes: 1000n, freeBytes: 100n };
    expect(
      pruned(
        [
          { kind: 'age', ms: 35 * DAY_MS },
          { kind: 'free', bytes: 105n },
        ],
        { usage },
      ),
    ).toEqual([40]);
  });

  it('keeps thirty days and a tenth of the disk free when nothing is said', () => {
    expect(pruned(defaultKeepRules, { usage: { totalBytes: 1000n, freeBytes: 94n } })).toEqual([40, 31]);
    expect(pruned(defaultKeepRules, { usage: { totalBytes: 1000n, freeBytes: 90n } })).toEqual([40, 31, 10]);
  });

  it('never gives up what the run that is going on put there', () => {
    const newest = folders[0]?.runId ?? '';
    const rules: KeepRule[] = [
      { kind: 'size', bytes: 0n },
      { kind: 'age', ms: 0 },
      { kind: 'free', bytes: 900n },
    ];
    const usage = { totalBytes: 1000n, freeBytes: 0n };
    expect(pruned(rules, { usage, protectedRunId: newest })).toEqual([40, 31, 10]);
  });
});
