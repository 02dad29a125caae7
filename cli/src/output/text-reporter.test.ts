import type { HoldfastEvent } from '@holdfast/core';
import { describe, expect, it } from 'vitest';
import { failure, item, summary } from '../testing/recorded-run.ts';
import { recordScreen } from '../testing/recorded-stream.ts';
import { show } from '../testing/show-run.ts';
import { cloneTale } from '../verbs/clone.ts';
import { tellCopy } from './tell-copy.ts';
import { TextReporter } from './text-reporter.ts';

const { colours } = recordScreen().screen;
const cloned = tellCopy(cloneTale({ source: '/data', destination: '/mnt/b k', dryRun: false, safetyNet: true }), colours.out, 80);

describe('what is shown while it runs', () => {
  const progress: HoldfastEvent = { type: 'progress', phase: 'scan', done: { files: 3, bytes: 0n }, rate: 0 };

  it('lists items as they are done with -v, failures too', () => {
    const { out, err } = show(
      cloned,
      [item('store', 'a', { bytes: 2048n }), item('retire', 'b\n'), failure('read-failed', 'c')],
      { verbose: 1 },
    );
    expect(out).toBe('copied    a  2.00 KiB\ndeleted   b\\n\n');
    expect(err).toBe('failed    c: Cannot read "c".\n');
  });

  it('prints errors and warnings only with -q', () => {
    const { out, err } = show(
      cloned,
      [
        item('store', 'a'),
        { type: 'warning', code: 'partial', message: 'Nothing was deleted.' },
        failure('read-failed', 'c'),
        summary({ status: 'partial' }),
      ],
      { quiet: true, verbose: 1 },
    );
    expect(out).toBe('');
    expect(err).toBe(
      'warning: Nothing was deleted. [partial]\n\nWhat went wrong:\n  it cannot be read: 1 item\n    c\n  Check the disk that holds it.\n',
    );
  });

  it('has one live line on a terminal, erased before the story, and none afterwards', () => {
    const { screen, stdout, stderr } = recordScreen(80);
    const reporter = new TextReporter({ screen, quiet: false, verbose: 0, progress: true });
    reporter.tellWith(cloned);
    reporter.sink(progress);
    expect(stderr.text).toBe('\rScanning  3 items');
    reporter.sink(summary({ counts: { kept: 1 } }));
    expect(stderr.text).toBe('\rScanning  3 items\r\u001b[J');
    reporter.sink(progress);
    expect(stderr.text).toBe('\rScanning  3 items\r\u001b[J');
    expect(stdout.text).toContain('nothing had changed');
  });

  it.each([
    ['without a terminal', undefined, {}],
    ['with --no-progress', 80, { progress: false }],
    ['with -q', 80, { quiet: true }],
    ['with -vv, where the log is', 80, { verbose: 2 }],
  ])('has no live line %s', (_, columns, options) => {
    const { screen, stderr } = recordScreen(columns);
    new TextReporter({ screen, quiet: false, verbose: 0, progress: true, ...options }).sink(progress);
    expect(stderr.text).toBe('');
  });

  it('breaks messages at the width of the terminal', () => {
    const { screen, stderr } = recordScreen(40);
    const reporter = new TextReporter({ screen, quiet: false, verbose: 0, progress: true });
    reporter.sink({
      type: 'warning',
      code: 'source-changed',
      message: '"a" changed while it was read, twice; it is stored as it was read last.',
    });
    expect(stderr.text).toBe(
      'warning: "a" changed while it was read,\ntwice; it is stored as it was read\nlast. [source-changed]\n',
    );
  });
});
