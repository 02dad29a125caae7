import { describe, expect, it } from 'vitest';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type LaterRun, Locator } from './locator.ts';
import { type Step, StepIndex } from './step-index.ts';

const one: Fingerprint = { copy: 'copy 1', source: 'source 1' };
const two: Fingerprint = { copy: 'copy 2', source: 'source 2' };
const runs: LaterRun[] = [
  { runId: 'r0', isArchiveKept: true, whyGone: 'r0 kept nothing' },
  { runId: 'r1', isArchiveKept: false, whyGone: 'r1 kept nothing' },
  { runId: 'r2', isArchiveKept: true, whyGone: 'r2 kept nothing' },
];

function locate(steps: readonly (readonly [string, Step])[], path: string, version = one) {
  const index = new StepIndex();
  for (const [at, step] of steps) index.add(at as RelPath, step);
  return new Locator(runs, index).locate(path as RelPath, version);
}
const to = (path: string) => ({ to: path as RelPath });
const kept = (key: string, isUntouched = true) => ({ kind: 'kept', key, isUntouched });

describe('Locator', () => {
  it('finds what nothing happened to where it was', () => {
    expect(locate([['b', { run: 0, kind: 'archived' }]], 'a')).toEqual([kept('a')]);
  });

  it('finds what was replaced in the safety net of the first run that replaced it', () => {
    const steps = [
      ['d/a', { run: 0, kind: 'archived', now: two }],
      ['d/a', { run: 2, kind: 'archived' }],
    ] as const;
    expect(locate(steps, 'd/a')).toEqual([kept('.holdfast/archive/r0/d/a')]);
  });

  it('says which safety net was pruned, and which run kept nothing', () => {
    expect(locate([['a', { run: 1, kind: 'archived' }]], 'a')).toMatchObject([
      { kind: 'lost', reason: expect.stringMatching(/r1.*pruned/) as unknown },
    ]);
    expect(locate([['a', { run: 1, kind: 'gone', now: two }]], 'a')).toMatchObject([{ kind: 'lost', reason: 'r1 kept nothing' }]);
  });

  it('follows moves, of the file and of the directory above it, into a safety net', () => {
    const steps = [
      ['d', { run: 0, kind: 'moved', ...to('e/f') }],
      ['e/f/x', { run: 1, kind: 'moved', ...to('x') }],
      ['x', { run: 2, kind: 'archived' }],
    ] as const;
    expect(locate(steps, 'd/x')).toEqual([kept('.holdfast/archive/r2/x', false)]);
    expect(locate(steps, 'd/y')).toEqual([kept('e/f/y', false)]);
  });

  it('believes what a run says of the path before what it says of the directory', () => {
    const steps = [
      ['d', { run: 0, kind: 'moved', ...to('e') }],
      ['d/x', { run: 0, kind: 'archived' }],
    ] as const;
    expect(locate(steps, 'd/x')).toEqual([kept('.holdfast/archive/r0/d/x')]);
  });

  it('takes a directory that gave way as a whole with all that was in it', () => {
    expect(locate([['d', { run: 2, kind: 'archived', now: two }]], 'd/e/x')).toEqual([kept('.holdfast/archive/r2/d/e/x')]);
    expect(locate([['d', { run: 0, kind: 'directory' }]], 'd/e/x')).toEqual([kept('d/e/x')]);
  });

  it('stays with a file that only its metadata changed of', () => {
    const chmod = { copy: one.copy, source: 'source 1 after chmod' };
    const steps = [
      ['a', { run: 0, kind: 'present', now: chmod }],
      ['a', { run: 1, kind: 'gone', now: chmod }],
    ] as const;
    expect(locate(steps.slice(0, 1), 'a')).toEqual([kept('a', false)]);
    // Stored again from a source that is still the same: what somebody had put in its place is not the version.
    expect(locate(steps, 'a')).toEqual([kept('a', false)]);
  });

  it('does not take another file in its place for it', () => {
    expect(locate([['a', { run: 0, kind: 'present', now: two }]], 'a')).toMatchObject([{ kind: 'lost' }]);
    expect(locate([['a', { run: 0, kind: 'directory' }]], 'a')).toMatchObject([{ kind: 'lost' }]);
    const noInodes = { copy: one.copy, source: '' };
    expect(locate([['a', { run: 0, kind: 'archived', now: noInodes }]], 'a', noInodes)).toEqual([kept('.holdfast/archive/r0/a')]);
  });

  it('names both places where a run was cut short while it moved the file, and every safety net besides', () => {
    const steps = [
      ['a', { run: 0, kind: 'maybe-moved', ...to('b') }],
      ['b', { run: 1, kind: 'present', now: one }],
      ['a', { run: 2, kind: 'archived' }],
    ] as const;
    expect(locate(steps, 'a')).toEqual([kept('b', false), kept('.holdfast/archive/r2/a')]);
    const index = new StepIndex();
    for (const [at, step] of steps) index.add(at as RelPath, step);
    const places = new Locator(runs, index).archivePlaces('a' as RelPath, one);
    expect([...places].sort()).toEqual(['r0/a', 'r0/b', 'r2/a', 'r2/b'].map((key) => `.holdfast/archive/${key}`));
  });
});
