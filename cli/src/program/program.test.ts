import { EventEmitter } from 'node:events';
import { Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { bindOptionalValues } from './bind-optional-values.ts';
import { locateVerb } from './locate-verb.ts';
import { parseVerb } from './parse-verb.ts';
import { watchStopSignals } from './stop-signals.ts';
import { suggest } from './suggest.ts';
import { verbTable } from './verb-table.ts';

describe('locateVerb', () => {
  it.each([
    [['clone', 'a', 'b'], 'clone', ['a', 'b']],
    [['--json', 'clone', 'a'], 'clone', ['--json', 'a']],
    [['-v', '--config', 'clone', 'ls', 'a'], 'ls', ['-v', '--config', 'clone', 'a']],
    [['--config=x', 'ls', 'a'], 'ls', ['--config=x', 'a']],
    [['plugin', 'list', '--json'], 'plugin list', ['--json']],
    [['plugin', '--json', 'add', 'x'], 'plugin add', ['--json', 'x']],
    [['help', 'clone'], 'help', ['clone']],
    [['--json'], undefined, ['--json']],
    [[], undefined, []],
  ])('%j', (words, name, rest) => {
    const located = locateVerb(words, verbTable);
    expect([located.entry?.name, located.rest]).toEqual([name, rest]);
  });

  it.each([
    [['clon', 'a'], 'There is no command "clon".', 'holdfast clone'],
    [['restroe'], 'There is no command "restroe".', 'holdfast restore'],
    [['plugin'], 'needs another word', 'holdfast help plugin'],
    [['plugin', 'lits'], 'There is no command "plugin lits".', 'holdfast plugin list'],
    [['xyzzy'], 'There is no command "xyzzy".', 'all commands'],
  ])('refuses %j', (words, message, hint) => {
    expect(() => locateVerb(words, verbTable)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringContaining(message) as string,
        hint: expect.stringContaining(hint) as string,
      }) as Error,
    );
  });
});

it('has a verb behind every entry of the table, with examples that parse', async () => {
  for (const { name, load } of verbTable) {
    const verb = await load();
    expect(verb.examples.length, name).toBeGreaterThan(0);
    for (const [command] of verb.examples) {
      const own = /(?:^|[(&] ?)holdfast ([^|>)]*)/.exec(command)?.[1] ?? '';
      const words =
        own
          .trim()
          .match(/"[^"]*"|\S+/g)
          ?.map((word) => word.replaceAll('"', '')) ?? [];
      const located = locateVerb(words, verbTable);
      expect(located.entry?.name, command).toBe(name);
      expect(() => parseVerb(name, verb, located.rest), command).not.toThrow();
    }
  }
});

it('reads the common options before and after the words', async () => {
  const verb = await verbTable[0]?.load();
  if (verb === undefined) throw new Error('There is no verb.');
  const { options } = parseVerb('clone', verb, ['--json', 'a', '-qvv', 'b', '--no-progress', '-y', '--config', 'f']);
  expect(options).toMatchObject({ json: true, quiet: true, verbose: 2, progress: false, yes: true, config: 'f' });
  expect(parseVerb('clone', verb, ['a', 'b']).options).toMatchObject({
    json: false,
    quiet: false,
    verbose: 0,
    progress: true,
    yes: false,
  });
  expect(parseVerb('clone', verb, ['--', '-a', '--b']).words).toEqual(['-a', '--b']);
});

it('binds optional values after = only, and never in the value of another option', () => {
  const options = [
    new Option('--verify [method]').preset('digest'),
    new Option('--exclude <pattern>'),
    new Option('-n, --dry-run'),
  ];
  const bind = (...words: string[]) => bindOptionalValues(words, options);
  expect(bind('--verify', 'SRC')).toEqual(['--verify=digest', 'SRC']);
  expect(bind('--verify=size', '-n')).toEqual(['--verify=size', '-n']);
  expect(bind('--exclude', '--verify', '--verify')).toEqual(['--exclude', '--verify', '--verify=digest']);
  expect(bind('--', '--verify')).toEqual(['--', '--verify']);
});

it.each([
  ['clnoe', 'clone'],
  ['snapshot', 'snapshots'],
  ['vrsn', undefined],
  ['c', undefined],
  ['comp', 'completion'],
])('suggests for %s: %s', (typed, near) => {
  expect(suggest(typed, ['clone', 'snapshots', 'version', 'completion'])).toBe(near);
});

describe('stop signals', () => {
  class FakeProcess extends EventEmitter {
    readonly exits: number[] = [];
    exit(code: number): void {
      this.exits.push(code);
    }
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s: first aborts, then ends at once', (name) => {
    const target = new FakeProcess();
    const calls: string[] = [];
    {
      using stop = watchStopSignals(
        target,
        new Set(),
        () => calls.push('first'),
        () => calls.push('second'),
      );
      target.emit(name);
      expect(stop.signal.reason).toMatchObject({ code: 'interrupted' });
      expect([calls, target.exits]).toEqual([['first'], []]);
      target.emit(name);
      expect([calls, target.exits]).toEqual([['first', 'second'], [130]]);
    }
    expect(target.listenerCount(name)).toBe(0);
  });

  it('that are ignored have no effect', () => {
    const target = new FakeProcess();
    const calls: string[] = [];
    using stop = watchStopSignals(
      target,
      new Set(['SIGHUP']),
      () => calls.push('first'),
      () => calls.push('second'),
    );
    target.emit('SIGHUP');
    target.emit('SIGHUP');
    expect([stop.signal.aborted, calls, target.exits]).toEqual([false, [], []]);
    expect(target.listenerCount('SIGHUP')).toBe(1);
  });
});
