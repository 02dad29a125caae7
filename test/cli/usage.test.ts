import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Workplace } from './run-holdfast.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place[Symbol.dispose]());

describe('wrong usage', () => {
  test.each([
    [[], 'Nothing to do was named.', 'holdfast help'],
    [['clon', 'a', 'b'], 'There is no command "clon".', 'holdfast clone'],
    [['xyzzy', 'a'], 'There is no command "xyzzy".', 'holdfast help'],
    [['clone', 'a', 'b', '--chekcsum'], 'There is no option --chekcsum here.', '--checksum'],
    [['clone', '--password=hunter2', 'a', 'b'], 'Secrets are not given on the command line', 'environment'],
    [['restore', '--overwrite=perhaps', 'a', 'b'], '--overwrite: "perhaps"', 'if-newer'],
    [['ls', 'a', 'b', 'c'], 'too many words', 'holdfast ls LOCATION [PATH]'],
  ])('%j ends with 2 and says what to write', (words, message, hint) => {
    const { status, stdout, stderr } = place.run(words);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).toContain('[usage]');
    expect(stderr).not.toContain('hunter2');
  });

  test.each([[['clone', '--json']], [['--json', 'nonsense']], [['--json']]])(
    '%j: an error and the summary, on standard output',
    (words) => {
      const { status, lines, stderr } = place.run(words);
      expect([status, stderr]).toEqual([2, '']);
      expect(lines.map(({ type }) => type)).toEqual(['error', 'summary']);
      expect(lines[0]).toMatchObject({
        code: 'usage',
        message: expect.any(String) as string,
        hint: expect.any(String) as string,
      });
      expect(lines[1]).toMatchObject({ status: 'failed', exitCode: 2, counts: { stored: 0 }, verified: { method: 'none' } });
    },
  );
});

describe('help and version', () => {
  test('help lists every verb, help VERB shows examples first', () => {
    const { status, stdout } = place.run(['help']);
    expect(status).toBe(0);
    for (const verb of ['clone', 'restore', 'verify', 'snapshots', 'ls', 'plugin list', 'doctor', 'completion'])
      expect(stdout).toContain(`  ${verb} `);
    const page = place.run(['help', 'clone']).stdout;
    expect(page.startsWith('Examples:\n  holdfast clone /home /mnt/backup/home\n')).toBe(true);
    expect(page).toContain('--verify[=METHOD]');
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test.each([[['clone', '--help']], [['-h', 'clone']], [['help', 'clone']]])('%j is the same page', (words) => {
    expect(place.run(words)).toMatchObject({ status: 0, stdout: place.run(['clone', '-h']).stdout });
  });

  test('help of a verb of two words, and of its first', () => {
    expect(place.run(['help', 'plugin']).stdout).toContain('plugin add');
    expect(place.run(['help', 'plugin', 'add']).stdout).toContain('holdfast plugin add NAME');
    expect(place.run(['help', 'nothing']).status).toBe(2);
  });

  test('version, in every spelling', () => {
    const { stdout } = place.run(['version']);
    expect(stdout).toMatch(/^holdfast \d+\.\d+\.\d+\n$/);
    for (const words of [['--version'], ['-V'], ['-q', 'version']]) expect(place.run(words)).toMatchObject({ status: 0, stdout });
    const { lines } = place.run(['version', '--json']);
    expect(lines[0]).toMatchObject({ type: 'version', version: stdout.trim().slice('holdfast '.length) });
    expect(lines.at(-1)).toMatchObject({ type: 'summary', status: 'ok' });
  });
});

describe('plugins', () => {
  const write = (name: string, manifest: object, code: string): void => {
    mkdirSync(place.path(name), { recursive: true });
    writeFileSync(
      place.path(name, 'package.json'),
      JSON.stringify({ name, version: '1.2.3', type: 'module', exports: './index.js', ...manifest }),
    );
    writeFileSync(place.path(name, 'index.js'), code);
  };
  const definition = `export default { apiVersion: 1, name: 'acme', sources: [{ scheme: 'acme', summary: '', secrets: [],
    config: { '~standard': { version: 1, vendor: 'acme', validate: (value) => ({ value }) } }, parseLocation: (x) => x, open: async () => ({}) }] };`;

  test('are listed, added and removed in the configuration that is named', () => {
    write('holdfast-acme', { holdfast: { apiVersion: 1, schemes: ['acme'] } }, definition);
    const config = place.path('own.json');
    writeFileSync(config, '{}');
    const plugin = (...words: string[]) => place.run(['plugin', ...words, '--config', config]);
    expect(plugin('list').stdout).toMatch(/^@holdfast\/local-disk \S+ {2}handles file:\n {2}comes with Holdfast\n$/);
    expect(plugin('add', './holdfast-acme')).toMatchObject({
      status: 0,
      stdout: 'Added holdfast-acme 1.2.3, which handles acme:\n',
    });
    expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({
      plugins: [{ name: 'holdfast-acme', folder: place.path('holdfast-acme') }],
    });
    const { lines } = plugin('list', '--json');
    expect(lines.map(({ type, name }) => [type, name])).toEqual([
      ['plugin', '@holdfast/local-disk'],
      ['plugin', 'holdfast-acme'],
      ['summary', undefined],
    ]);
    expect(plugin('remove', 'holdfast-acme')).toMatchObject({ status: 0, stdout: 'Removed holdfast-acme.\n' });
    expect(plugin('remove', 'holdfast-acme')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is not in the configuration') as string,
    });
  });

  test('that cannot be used are refused, and told in the list', () => {
    write('holdfast-old', { holdfast: { apiVersion: 7, schemes: ['old'] } }, '');
    expect(place.run(['plugin', 'add', './holdfast-old'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('[plugin-invalid]') as string,
    });
    expect(place.run(['plugin', 'add', 'not-installed'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('[plugin-missing]') as string,
    });
    const config = place.path('broken.json');
    writeFileSync(config, JSON.stringify({ plugins: [{ name: 'gone' }] }));
    const listed = place.run(['plugin', 'list', '--json', '--config', config]);
    expect(listed.status).toBe(1);
    expect(listed.lines[1]).toMatchObject({ name: 'gone', error: { code: 'plugin-missing' } });
    expect(place.run(['ls', '@/none', '--config', config])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"gone" is not installed') as string,
    });
  });
});

describe('plugin test', () => {
  test('checks a storage in a folder that it removes again', () => {
    mkdirSync(place.path('storage'));
    const { status, lines } = place.run(['plugin', 'test', '--json', '--only', 'stat', '--only=write.round-trip', '@/storage']);
    const checks = lines.filter(({ type }) => type === 'check');
    expect(checks.map(({ check }) => String(check).split('.')[0])).toContain('stat');
    expect(checks).toContainEqual(
      expect.objectContaining({
        status: 'ok',
        promise: { of: expect.any(String) as string, says: expect.any(String) as string },
      }),
    );
    expect(status).toBe(checks.some((check) => check['status'] === 'fail') ? 1 : 0);
    expect(lines.at(-2)).toMatchObject({
      type: 'conformance',
      location: place.path('storage'),
      passed: status === 0,
      capabilities: expect.arrayContaining(['batch', 'lock']) as string[],
    });
    expect(readdirSync(place.path('storage'))).toEqual([]);
    expect(place.run(['plugin', 'test', '--only', 'stat', '@/storage']).stdout).toMatch(
      /^WHAT +PASSED +FAILED +NOT SUPPORTED\nstat +\d+ +\d+ +\d+\nCan do: .*\n/,
    );
    expect(place.run(['plugin', 'test', '--only', 'nothing', '@/storage']).status).toBe(2);
  });
});

describe('doctor', () => {
  test('tries out a location and leaves nothing behind', () => {
    mkdirSync(place.path('disk'));
    const { status, lines } = place.run(['doctor', '--json', '@/disk']);
    expect(status).toBe(0);
    const checks = lines.filter(({ type }) => type === 'check');
    expect(new Set(checks.map((each) => each['status']))).not.toContain('fail');
    const names = checks.map(({ check }) => check);
    for (const name of [
      'machine.node',
      'machine.user',
      'configuration',
      'plugin.@holdfast/local-disk',
      'folders.state',
      'location.space',
      'location.write',
      'location.xattrs',
      'location.reflink',
      'location.read-back',
      'location.access-time',
      'location.remove',
    ]) {
      expect(names).toContain(name);
    }
    expect(lines.at(-1)).toMatchObject({ type: 'summary', status: 'ok', exitCode: 0 });
    expect(place.run(['ls', '@/disk']).stderr).toContain('[not-a-mirror]');
  });

  test.each([
    ['a location that is not there', ['@/no-such-disk'], '{}', 'location.open'],
    ['a configuration that is wrong', ['@/'], '{"plugin": []}', 'configuration'],
    ['a plugin that is gone', ['@/'], '{"plugins": [{"name": "gone"}]}', 'plugin.gone'],
  ])('ends with 1 for %s', (_, words, configuration, check) => {
    const config = place.path('doctor.json');
    writeFileSync(config, configuration);
    const { status, lines } = place.run(['doctor', '--json', '--config', config, ...words]);
    expect(status).toBe(1);
    expect(lines).toContainEqual(
      expect.objectContaining({ type: 'check', check, status: 'fail', advice: expect.any(String) as string }),
    );
    expect(lines.at(-1)).toMatchObject({ type: 'summary', status: 'failed', exitCode: 1 });
  });

  test.skipIf(process.getuid?.() !== 0)('says what is not kept for a user who is not root, and what cannot be written', () => {
    mkdirSync(place.path('theirs'), { mode: 0o755 });
    const nobody = new Workplace();
    const { status, stdout } = place.run(['doctor', place.path('theirs')], {
      userId: 65534,
      cwd: '/',
      env: { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent', XDG_STATE_HOME: '/nonexistent/state' },
    });
    nobody[Symbol.dispose]();
    expect(status).toBe(1);
    expect(stdout).toContain('warn  Does not run as root');
    expect(stdout).toContain('/nonexistent/state/holdfast cannot be written');
  });
});
