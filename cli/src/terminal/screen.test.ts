import { describe, expect, it } from 'vitest';
import { RecordedStream, recordScreen } from '../testing/recorded-stream.ts';
import { Screen } from './screen.ts';

describe('on a terminal', () => {
  it('erases the live line before anything else is printed', () => {
    const { screen, stdout, stderr } = recordScreen(80);
    screen.live('Copying 10%');
    expect(stderr.text).toBe('\rCopying 10%');
    screen.live('Copying 20%');
    expect(stderr.text).toBe('\rCopying 10%\r\u001b[JCopying 20%');
    stderr.text = '';
    screen.result('done');
    expect(stderr.text).toBe('\r\u001b[J');
    expect(stdout.text).toBe('done\n');
  });

  it('draws nothing twice, and leaves nothing behind', () => {
    const { screen, stderr } = recordScreen(80);
    screen.live('Copying 10%');
    const { writes } = stderr;
    screen.live('Copying 10%');
    expect(stderr.writes).toBe(writes);
    screen.close();
    expect(stderr.text.endsWith('\r\u001b[J')).toBe(true);
  });

  it('erases all rows into which a narrower terminal broke the line', () => {
    const { screen, stderr } = recordScreen(80);
    screen.live('x'.repeat(79));
    stderr.text = '';
    stderr.resize(30);
    screen.live('y');
    expect(stderr.text).toBe('\r\u001b[2A\u001b[Jy');
  });

  it('draws again when its width changes', () => {
    const { screen, stderr } = recordScreen(80);
    screen.onResize(() => screen.live('again'));
    stderr.resize(60);
    expect(stderr.text).toContain('again');
  });
});

describe('without a terminal', () => {
  it('writes no control characters and no live line', () => {
    const { screen, stdout, stderr } = recordScreen();
    screen.live('Copying 10%');
    screen.result('done');
    screen.message('careful');
    screen.close();
    expect(stdout.text).toBe('done\n');
    expect(stderr.text).toBe('careful\n');
    expect(screen.width).toBe(80);
  });

  it('collects results, keeps their order with messages, and drops nothing at the end', () => {
    const { screen, stdout } = recordScreen();
    for (let line = 0; line < 1000; line++) screen.result(`line ${line}`);
    expect(stdout.writes).toBeLessThan(5);
    screen.message('careful');
    expect(stdout.text.endsWith('line 999\n')).toBe(true);
    screen.result('last');
    screen.close();
    expect(stdout.text.endsWith('line 999\nlast\n')).toBe(true);
  });
});

describe('when nobody reads any more', () => {
  it.each([
    ['EPIPE', false],
    ['EIO', false],
    ['ENOSPC', true],
  ])('%s: an error to report: %s', (code, isError) => {
    const { screen, stdout, lost } = recordScreen();
    screen.result('one');
    screen.flush();
    stdout.fail(code);
    stdout.fail(code);
    expect(lost.map((error) => error?.code)).toEqual([isError ? code : undefined]);
    expect(screen.outputGone).toBe(true);
    screen.result('two');
    screen.close();
    expect(stdout.text).toBe('one\n');
  });
});

it.each([
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'C.utf8' }, true],
  [{ LANG: 'C.UTF-8', LC_ALL: 'C' }, false],
  [{ LC_ALL: '', LANG: 'de_DE.UTF-8' }, true],
  [{}, false],
])('the locale %j is UTF-8: %s', (variables: Readonly<Record<string, string>>, unicode) => {
  const environment = (name: string): string | undefined => variables[name];
  expect(new Screen({ stdout: new RecordedStream(), stderr: new RecordedStream(), environment }).unicode).toBe(unicode);
});
