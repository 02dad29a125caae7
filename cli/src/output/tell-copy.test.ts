import { describe, expect, it } from 'vitest';
import { failure, item, path, plan, summary } from '../testing/recorded-run.ts';
import { recordScreen } from '../testing/recorded-stream.ts';
import { show } from '../testing/show-run.ts';
import { cloneTale } from '../verbs/clone.ts';
import { restoreTale } from '../verbs/restore.ts';
import { tellCopy } from './tell-copy.ts';

const { colours } = recordScreen().screen;
const cloned = tellCopy(cloneTale({ source: '/data', destination: '/mnt/b k', dryRun: false, safetyNet: true }), colours.out, 80);

describe('a clone', () => {
  it('tells what became of everything, where the safety net is, and how to get something back', () => {
    const { out, err } = show(cloned, [
      item('store', 'new', { reason: 'new', bytes: 5n }),
      item('store', 'old', { reason: 'mtime', bytes: 5n }),
      item('retire', 'gone', { reason: 'not in source' }),
      summary({
        counts: { stored: 2, kept: 1234, metadata: 3, renamed: 1, retired: 1, excluded: 4 },
        bytes: { read: 10n, written: 10n, stored: 10n },
        verified: { method: 'digest', files: 2, bytes: 10n },
        snapshotId: '2026-11-23T100000.000Z',
      }),
    ]);
    expect(out).toBe(
      [
        'Cloned /data to /mnt/b k in 2.5 s.',
        '  Copied      2 items, 10 B',
        '  Moved       1 item, without copying again',
        '  Updated     3 items: only permissions, owner or times',
        '  Unchanged   1,234 items',
        '  Left out    4 items, by your rules',
        '  Safety net  1 replaced, 1 deleted',
        '              in /mnt/b k/.holdfast/archive/2026-11-23T100000.000Z',
        '  Verified    2 files, 10 B, by digest',
        '  Version     2026-11-23T100000.000Z',
        '',
      ].join('\n'),
    );
    expect(err).toBe("\nTo bring something back: holdfast restore '/mnt/b k' TARGET --at latest~1 --path PATH\n");
  });

  it('says when nothing had changed', () => {
    expect(show(cloned, [summary({ counts: { kept: 5 }, snapshotId: 'v1' })]).out).toBe(
      'Cloned /data to /mnt/b k in 2.5 s: nothing had changed.\n  Unchanged   5 items\n  Version     v1\n',
    );
  });

  it('groups what failed by its cause, the most frequent first', () => {
    const denied = Array.from({ length: 7 }, (_, index) => failure('access-denied', `secret/${index}\u001b[2J`));
    const { out, err } = show(cloned, [
      failure('too-large', 'film.mkv', 'Use another file system.'),
      ...denied,
      item('store', 'secret/0\u001b[2J', { error: { code: 'access-denied', message: 'Cannot read it.' } }),
      summary({ status: 'partial', exitCode: 1, counts: { stored: 1, skipped: 7, failed: 1 }, snapshotId: 'v1' }),
    ]);
    expect(out).toContain('Cloned /data to /mnt/b k in 2.5 s, except for 8 items.\n');
    expect(out).toContain('  Skipped     7 items\n  Failed      1 item\n');
    expect(err).toBe(
      [
        '',
        'What went wrong:',
        '  access is denied: 7 items',
        '    secret/0\\x1b[2J',
        '    secret/1\\x1b[2J',
        '    secret/2\\x1b[2J',
        '    secret/3\\x1b[2J',
        '    secret/4\\x1b[2J',
        '    and 2 more; -v names all',
        '  Run as a user who may read and write it, or leave it out with --exclude.',
        '  it is larger than the destination can hold: 1 item',
        '    film.mkv',
        '  Use another file system.',
        '',
        'Put right what is named above, then run the same command again: it does only what is missing.',
        '',
      ].join('\n'),
    );
  });

  it('says nothing more than the error when it was refused', () => {
    const { out, err } = show(cloned, [
      { type: 'error', code: 'source-empty', message: '/data is empty. Nothing was changed.', hint: 'Check the disk.' },
      summary({ status: 'refused', exitCode: 7 }),
    ]);
    expect(out).toBe('');
    expect(err).toBe('error: /data is empty. Nothing was changed. [source-empty]\n  Check the disk.\n');
  });

  it('says what is done when it was interrupted', () => {
    const { out } = show(cloned, [
      { type: 'error', code: 'interrupted', message: 'Interrupted by SIGINT.', hint: 'Run the same command again.' },
      summary({
        status: 'interrupted',
        exitCode: 130,
        counts: { stored: 10, skipped: 5 },
        bytes: { read: 9n, written: 9n, stored: 9n },
      }),
    ]);
    expect(out).toBe(
      'Cloning /data to /mnt/b k was interrupted after 2.5 s. What is listed here is done and whole.\n  Copied      10 items, 9 B\n  Skipped     5 items\n',
    );
  });

  it('tells what is gone for good without a safety net', () => {
    const teller = tellCopy(cloneTale({ source: 'a', destination: 'b', dryRun: false, safetyNet: false }), colours.out, 80);
    const { out, err } = show(teller, [
      item('store', 'x', { reason: 'size' }),
      summary({ counts: { stored: 1, retired: 2 }, snapshotId: 'v1' }),
    ]);
    expect(out).toContain('  Gone        1 replaced, 2 deleted, for good\n');
    expect(err).toBe('');
  });
});

describe('a dry run', () => {
  const teller = tellCopy(cloneTale({ source: 'a', destination: 'b', dryRun: true, safetyNet: true }), colours.out, 80);
  const events = [
    ...Array.from({ length: 12 }, (_, index) => plan('store', `photos/${index}.jpg`, 'new', 1_048_576n)),
    plan('store', 'back', 'missing at destination', 1n),
    plan('store', 'text', 'size', 5n),
    plan('store', 'a-name-that-is-so-long-that-nothing-else-fits-on-its-line-of-eighty-cells.txt', 'mtime', 5n),
    { ...plan('move', 'new/name', 'moved'), from: path('old/name') },
    plan('metadata', '', 'metadata only'),
    plan('retire', 'gone\n', 'not in source', 100n),
    summary({ counts: { stored: 15, kept: 9, retired: 1, excluded: 2 } }),
  ];

  it('shows the plan by operation, with reasons and totals', () => {
    const { out, err } = show(teller, events);
    expect(out).toBe(
      [
        'Cloning a to b would',
        '  copy 13 items, 12.0 MiB (12 new, 1 missing at the destination)',
        ...Array.from(
          { length: 10 },
          (_, index) => `    photos/${index}.jpg                                                  1.00 MiB  new`,
        ),
        '    and 3 more; -v lists all',
        '  replace 2 items, 10 B (1 another size, 1 another time); the old ones go into the safety net',
        '    text                                                      5 B  another size',
        '    a-name-that-is-so-long-that-nothing-else-fits-on-its-line-of-eighty-cells.txt',
        '      5 B  another time',
        '  move 1 item at the destination, without copying again',
        '    old/name -> new/name',
        '  update permissions, owner or times of 1 item',
        '    .',
        '  put 1 item that the source no longer has into the safety net, 100 B',
        '    gone\\n                                                                100 B',
        '  Unchanged   9 items',
        '  Left out    2 items, by your rules',
        '',
      ].join('\n'),
    );
    expect(err).toBe('\nThis was a dry run: nothing was changed.\n');
  });

  it('lists all of it with -v', () => {
    const { out } = show(teller, events, { verbose: 1 });
    expect(out).toContain('photos/11.jpg');
    expect(out).not.toContain('more;');
  });

  it('says when there is nothing to do', () => {
    expect(show(teller, [summary({ counts: { kept: 3 } })]).out).toBe(
      'Cloning a to b would change nothing.\n  Unchanged   3 items\n',
    );
  });
});

it('tells what a restore did', () => {
  const teller = tellCopy(restoreTale({ from: '/mnt/b@latest', target: '/data', dryRun: false }), colours.out, 80);
  const { out } = show(teller, [
    item('store', 'x', { reason: 'size' }),
    summary({ counts: { stored: 1, kept: 2 }, snapshotId: 'v1' }),
  ]);
  expect(out).toBe(
    'Restored /mnt/b@latest to /data in 2.5 s.\n  Copied      1 item\n  Unchanged   2 items\n  Replaced    1 item\n  Version     v1\n',
  );
});
