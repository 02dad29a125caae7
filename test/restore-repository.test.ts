import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { launcher, Workplace } from './cli/run-holdfast.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';
import { plantTreeOfEveryKind } from './fixtures/tree-of-every-kind.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const hasRestic = spawnSync('restic', ['version']).status === 0 && process.getuid?.() === 0;
const env = { HOLDFAST_PASSWORD: 'secret' };

/**
 * What restic 0.14 cannot keep: paths beyond PATH_MAX, flags, sockets, targets that are not UTF-8, attributes of symbolic links, links of
 * FIFOs; and holes that take it hours.
 */
const leaveOut = `
chattr -R -i -a . 2>/dev/null || true
rm -rf overlong flags sparse/all-hole sparse/far specials/socket links/not-utf8 hard/b/fifo; find . -type s -delete
setfattr -h -x trusted.on-link xattrs/link
`;

function restic(place: Workplace, ...words: string[]): string {
  const options = {
    PATH: process.env['PATH'] ?? '',
    HOME: place.folder,
    RESTIC_PASSWORD: 'secret',
    RESTIC_REPOSITORY: place.path('repo'),
  };
  const run = spawnSync('restic', ['--no-cache', ...words], {
    env: { ...options, TZ: 'UTC' },
    encoding: 'latin1',
    cwd: place.folder,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

describe.runIf(hasRestic).each(['1', '2'])('a repository of restic, version %s', (version) => {
  let place: Workplace;
  let source: string;

  beforeAll(async () => {
    place = new Workplace();
    source = place.path('source');
    mkdirSync(source);
    await plantTreeOfEveryKind(source, 'ext4');
    await inBash(source, leaveOut);
    restic(place, 'init', '--repository-version', version);
    restic(place, 'backup', source);
  });
  afterAll(() => place[Symbol.dispose]());

  test('comes back with all metadata, below the target at its own path', async () => {
    const run = place.run(['restore', '@/repo', '@/whole', '--json'], { env });
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(run.lines.at(-1)).toMatchObject({ type: 'summary', status: 'ok', counts: { failed: 0, skipped: 0 } });
    expect(await compareTrees(source, join(place.path('whole'), source))).toEqual([]);
    const again = place.run(['restore', '@/repo', '@/whole', '--json'], { env });
    expect(again.lines.at(-1)).toMatchObject({ status: 'ok', counts: { stored: 0, metadata: 0 }, bytes: { written: 0 } });
  });

  test('comes back stripped, and only what is asked for', async () => {
    const stripped = place.run(['restore', '@/repo', '@/stripped', '--strip', '--verify=digest', '--json'], { env });
    expect(stripped.status).toBe(0);
    expect(await compareTrees(source, place.path('stripped'))).toEqual([]);
    const words = ['restore', '@/repo', '@/part', '--strip', '--path', join(source, 'hard/a'), '--path', join(source, 'hard/b')];
    expect(place.run([...words, '--exclude', 'again'], { env }).status).toBe(0);
    expect(readdirSync(place.path('part')).sort()).toEqual(['a', 'b']);
    expect(readdirSync(place.path('part', 'a')).sort()).toEqual(['device', 'fifo', 'file', 'symlink']);
    expect(statSync(place.path('part', 'b', 'c', 'file')).ino).toBe(statSync(place.path('part', 'a', 'file')).ino);
  });

  test('deletes what the version does not have, where that is asked for, and writes only what differs', () => {
    mkdirSync(place.path('target'));
    const words = ['restore', '@/repo', '@/target', '--strip', '--path', join(source, 'sizes'), '--json'];
    expect(place.run(words, { env }).status).toBe(0);
    writeFileSync(place.path('target', 'extra'), 'x');
    writeFileSync(place.path('target', '4096'), 'damaged');
    const planned = place.run([...words, '--delete', '--dry-run'], { env });
    expect(readFileSync(place.path('target', '4096'), 'utf8')).toBe('damaged');
    expect(planned.lines.at(-1)).toMatchObject({ counts: { stored: 1, retired: 1 } });
    expect(place.run([...words, '--delete'], { env }).lines.at(-1)).toMatchObject({ counts: { stored: 1, retired: 1 } });
    expect(readFileSync(place.path('target', '4096'))).toEqual(readFileSync(join(source, 'sizes/4096')));
  });

  test('is listed, searched, compared and printed as restic does it', async () => {
    const pathsOf = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => line.startsWith('/'))
        .sort();
    const listed = place.run(['ls', '@/repo', join(source, 'xattrs'), '--json'], { env });
    const ours = listed.lines.flatMap((line) => (line.type === 'entry' ? [`/${String(line['path'])}`] : []));
    expect(ours.sort()).toEqual(pathsOf(restic(place, 'ls', 'latest', join(source, 'xattrs'), '--recursive')));
    await inBash(
      source,
      'mkdir changing; echo old > changing/file; echo x > changing/gone; echo x > changing/touched; ln -s a changing/kind',
    );
    restic(place, 'backup', join(source, 'changing'));
    await inBash(
      source,
      'echo newer > changing/file; rm changing/gone changing/kind; chmod 600 changing/touched; mkdir changing/kind; echo x > changing/new',
    );
    restic(place, 'backup', join(source, 'changing'));
    const diff = place.run(['diff', '@/repo@latest~1', '@latest'], { env });
    const [older = '', newer = ''] = place
      .run(['snapshots', '@/repo', '--json'], { env })
      .lines.flatMap((line) => (line.type === 'snapshot' ? [String(line['id'])] : []))
      .slice(-2);
    // Above, restic also tells of times that no copy keeps.
    const marked = (text: string): string[] =>
      text
        .split('\n')
        .flatMap((line) => /^([-+MTU])U? +\/?(.*\/changing\/.*?)( {2}\(.*)?$/.exec(line)?.slice(1, 3).join(' ') ?? [])
        .sort();
    expect(marked(diff.stdout)).toEqual(marked(restic(place, 'diff', '--metadata', older, newer)));
    const found = place.run(['find', '@/repo', 'touched', '--json'], { env }).lines.filter(({ type }) => type === 'match');
    expect(found.map((line) => line['snapshot'])).toEqual([older, newer]);
    expect(place.run(['cat', '@/repo', join(source, 'changing/file')], { env }).stdout).toBe('newer\n');
    const launched = { launcher, place: place.folder, folder: join(source, 'changing'), password: 'secret' };
    mkdirSync(place.path('untarred'), { recursive: true });
    await inBash(
      place.path('untarred'),
      'HOLDFAST_PASSWORD=$password "$launcher" cat "$place/repo" "$folder" | tar -x --xattrs --xattrs-include="*"',
      launched,
    );
    expect(await compareTrees(join(source, 'changing'), place.path('untarred', 'changing'))).toEqual([]);
    expect(place.run(['verify', '@/repo@latest', '--json'], { env }).status).toBe(0);
  });
  afterEach(() => rmSync(join(source, 'changing'), { recursive: true, force: true }));

  test('names the files that are damaged, and brings everything else back', async () => {
    await inBash(place.folder, 'cp -r repo damaged; chmod -R u+w damaged');
    const packs = (
      await inBash(place.path('damaged'), "find data -type f -size +1M -printf '%s %p\\n' | sort -n | tail -1")
    ).toString();
    const pack = place.path('damaged', packs.trim().replace(/^\d+ /, ''));
    const bytes = readFileSync(pack);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(pack, bytes);
    const run = place.run(['restore', '@/damaged@latest~2', '@/rest', '--strip', '--json'], { env });
    expect(run.status).toBe(5);
    const failed = run.lines.flatMap((line) =>
      line['error'] === undefined || line.type !== 'item' ? [] : [String(line['path'])],
    );
    expect(failed.length).toBeGreaterThan(0);
    const differences = await compareTrees(source, place.path('rest'));
    expect(differences.filter((line) => !failed.some((path) => line.includes(path)) && !isAboutFolder(line))).toEqual([]);
    const verified = place.run(['verify', '@/damaged@latest~2', '--json'], { env });
    expect(verified.status).toBe(5);
    expect(
      verified.lines.filter((line) => line['error'] !== undefined && line.type === 'item').map((line) => line['path']),
    ).toEqual(failed.map((path) => join(source, path).slice(1)));
  });
});

/** A folder in which something is missing. */
function isAboutFolder(line: string): boolean {
  return /rsync: \.d|: d /.test(line);
}
