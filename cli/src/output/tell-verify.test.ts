import { describe, expect, it } from 'vitest';
import { item, summary } from '../testing/recorded-run.ts';
import { recordScreen } from '../testing/recorded-stream.ts';
import { show } from '../testing/show-run.ts';
import { tellVerify } from './tell-verify.ts';

const { colours } = recordScreen().screen;

describe('a verification', () => {
  const teller = tellVerify({ location: '/mnt/b', repairs: false }, colours.out);

  it('says that everything is as it was', () => {
    const { out, err } = show(teller, [summary({ counts: { kept: 7 }, verified: { method: 'digest', files: 5, bytes: 2048n } })]);
    expect(out).toBe(
      'Verified /mnt/b in 2.5 s: everything is as it was recorded.\n  Good        7 items\n  Read        5 files, 2.00 KiB, by digest\n',
    );
    expect(err).toBe('');
  });

  it('tells damage from change, and how to put it right', () => {
    const { out, err } = show(teller, [
      item('verify', 'a', { reason: 'damaged', error: { code: 'damaged', message: '"a" is damaged.' } }),
      item('verify', 'b', { reason: 'missing', error: { code: 'damaged', message: '"b" is missing.' } }),
      summary({
        status: 'failed',
        exitCode: 5,
        counts: { kept: 5, failed: 2 },
        verified: { method: 'digest', files: 4, bytes: 9n },
      }),
    ]);
    expect(out).toContain('Verified /mnt/b in 2.5 s: not everything is as it was recorded.\n');
    expect(out).toContain('  Damaged     1 item\n  Missing     1 item\n');
    expect(err).toContain('  damaged data: 1 item\n    a\n');
    expect(err).toContain('  missing at the destination: 1 item\n    b\n');
    expect(err).toContain('Put it right with: holdfast verify /mnt/b --repair-from SOURCE\n');
  });

  it('says what was put right', () => {
    const { out } = show(tellVerify({ location: '/mnt/b', repairs: true }, colours.out), [
      item('verify', 'a', { reason: 'damaged', error: { code: 'damaged', message: '"a" is damaged.' } }),
      item('repair', 'a'),
      summary({ counts: { kept: 5, stored: 1 }, verified: { method: 'digest', files: 4, bytes: 9n } }),
    ]);
    expect(out).toContain('  Damaged     1 item\n  Put right   1 item\n');
  });
});
