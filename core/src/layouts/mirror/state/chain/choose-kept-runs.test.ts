import { describe, expect, it } from 'vitest';
import { type KeepFacts, oldestKeptRun } from './choose-kept-runs.ts';

type Run = KeepFacts['runs'][number];

/** A run of day `day`; `archived` with an archive folder, `pruned` if that is gone, `lossy` if it kept nothing of what it replaced. */
function run(day: number, state: 'plain' | 'archived' | 'pruned' | 'lossy' = 'plain'): Run {
  const date = `2026-11-${String(day).padStart(2, '0')}T00:00:00.000Z`;
  return {
    id: date.replaceAll(':', ''),
    finishedAt: date,
    archived: { files: state === 'archived' || state === 'pruned' ? 1 : 0, bytes: 0n },
    notKept: state === 'lossy' ? 1 : 0,
    prunedAt: state === 'pruned' ? date : null,
  };
}

const since = (day: number): Date => new Date(`2026-11-${String(day).padStart(2, '0')}T12:00:00Z`);
const id = (day: number): string => run(day).id;

describe('oldestKeptRun', () => {
  it('keeps every version while all of them are whole', () => {
    expect(oldestKeptRun({ runs: [run(1), run(2, 'archived'), run(3)], oldestArchive: id(2), keepSince: undefined })).toBe(0);
    expect(oldestKeptRun({ runs: [run(1)], oldestArchive: undefined, keepSince: undefined })).toBe(0);
  });

  it('forgets versions that lost something for good', () => {
    expect(oldestKeptRun({ runs: [run(1), run(2, 'pruned'), run(3)], oldestArchive: undefined, keepSince: undefined })).toBe(1);
    expect(oldestKeptRun({ runs: [run(1), run(2), run(3, 'lossy')], oldestArchive: undefined, keepSince: undefined })).toBe(2);
  });

  it('forgets versions that are too old, but not the one that was there at the limit', () => {
    const runs = [run(1), run(2), run(3), run(4)];
    expect(oldestKeptRun({ runs, oldestArchive: undefined, keepSince: since(2) })).toBe(1);
    expect(oldestKeptRun({ runs, oldestArchive: undefined, keepSince: since(30) })).toBe(3);
  });

  it('keeps the version that the oldest archive completes, and all after it', () => {
    const runs = [run(1), run(2), run(3, 'archived'), run(4, 'lossy'), run(5)];
    expect(oldestKeptRun({ runs, oldestArchive: id(3), keepSince: since(30) })).toBe(1);
  });

  it('keeps the first version for the archive of a run that was cut short before it', () => {
    expect(oldestKeptRun({ runs: [run(5), run(6, 'lossy')], oldestArchive: id(2), keepSince: undefined })).toBe(0);
  });
});
