import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inBash } from './fixtures/in-bash.ts';
import { makeImage, mountImage, mountLoopFilesystem, whyNoLoopFilesystem } from './fixtures/loop-filesystem.ts';
import { type Finished, runHoldfast } from './fixtures/run-holdfast.ts';
import { makeTemporaryFolder } from './fixtures/temporary-folder.ts';

/** A source with ten files, its clone, and the program run as one machine. */
async function makeClone(
  parent: string,
): Promise<{ source: string; clone: string; run: (...words: string[]) => Promise<Finished> }> {
  const [source, clone] = [join(parent, 'source'), join(parent, 'clone')];
  await mkdir(join(source, 'folder'), { recursive: true });
  for (let i = 0; i < 10; i++) await writeFile(join(source, 'folder', `file${i}`), `content ${i}`);
  const run = (...words: string[]): Promise<Finished> => runHoldfast(words, { home: join(parent, 'home') });
  expect((await run('clone', source, clone)).exitCode).toBe(0);
  return { source, clone, run };
}

/** Everything at a place that a refused run must leave as it is; the lock's file may come and go. */
async function stateOf(directory: string): Promise<string> {
  return String(
    await inBash(
      directory,
      `find . ! -path './.holdfast*' -printf '%y %m %s %T@ %P\\0' | sort -z; find . -path './.holdfast/*' -name '*.json' -exec cat {} +`,
    ),
  );
}

async function refuses(
  run: () => Promise<Finished>,
  untouched: string,
  exitCode: number,
  code: string,
  hint: string,
): Promise<void> {
  const before = await stateOf(untouched);
  const refused = await run();
  expect(refused.summary.status).toBe(exitCode === 7 ? 'refused' : 'failed');
  expect(refused.exitCode).toBe(exitCode);
  expect(refused.events.find(({ type }) => type === 'error')).toMatchObject({
    code,
    hint: expect.stringContaining(hint) as string,
  });
  expect(await stateOf(untouched)).toBe(before);
}

describe('guards refuse before anything is written, and each has its own override', { timeout: 60_000 }, () => {
  test('an emptied source', async () => {
    await using home = await makeTemporaryFolder();
    const { source, clone, run } = await makeClone(home.path);
    await rm(join(source, 'folder'), { recursive: true });
    await refuses(() => run('clone', source, clone), clone, 7, 'source-empty', '--allow-empty-source');
    await refuses(() => run('clone', source, clone, '-n'), clone, 7, 'source-empty', '--allow-empty-source');
    const allowed = await run('clone', source, clone, '--allow-empty-source');
    expect(allowed.exitCode).toBe(0);
    expect(allowed.summary.counts.retired).toBe(11);
  });

  test('a vanished source is a refusal, one that never was is wrong usage', async () => {
    await using home = await makeTemporaryFolder();
    const { source, clone, run } = await makeClone(home.path);
    await rename(source, `${source}-elsewhere`);
    await refuses(() => run('clone', source, clone), clone, 7, 'source-vanished', 'Mount');
    expect((await run('clone', join(home.path, 'never'), clone)).exitCode).toBe(2);
  });

  test('more deletions than --max-delete allows; moves and replacements do not count', async () => {
    await using home = await makeTemporaryFolder();
    const { source, clone, run } = await makeClone(home.path);
    await inBash(source, 'cd folder; rm file0 file1 file2 file3 file4 file5; mv file6 moved; echo changed > file7');
    await refuses(() => run('clone', source, clone), clone, 7, 'too-many-deletions', '--max-delete 6');
    await refuses(() => run('clone', source, clone, '--max-delete', '5'), clone, 7, 'too-many-deletions', '--max-delete 6');
    await refuses(() => run('clone', source, clone, '--max-delete', '59%'), clone, 7, 'too-many-deletions', '--max-delete 6');
    const allowed = await run('clone', source, clone, '--max-delete', '60%');
    expect(allowed.exitCode).toBe(0);
    expect(allowed.summary.counts).toMatchObject({ retired: 6, renamed: 1, stored: 1 });
  });

  test('a folder that holds files of others, unless they are equal or adopted', async () => {
    await using home = await makeTemporaryFolder();
    const { source, run } = await makeClone(home.path);
    const other = join(home.path, 'other');
    await inBash(home.path, 'cp -a source other');
    await inBash(other, 'touch -r ../source/folder/file3 folder/file3; echo mine > mine; mkdir more; echo more > more/file');
    const list = await run('clone', source, other);
    expect(list.messages.join('\n')).toMatch(/ {2}mine\n {2}more/);
    await refuses(() => run('clone', source, other), other, 7, 'destination-not-empty', '--adopt-destination');
    const adopted = await run('clone', source, other, '--adopt-destination');
    expect(adopted.exitCode).toBe(0);
    expect(adopted.summary.bytes.written).toBe(0);
    expect(String(await inBash(other, 'cat .holdfast/archive/*/mine .holdfast/archive/*/more/file'))).toBe('mine\nmore\n');
  });

  test('a destination within the source, and the reverse', async () => {
    await using home = await makeTemporaryFolder();
    const { source, run } = await makeClone(home.path);
    await refuses(() => run('clone', source, join(source, 'folder', 'copy')), source, 7, 'nested', '--allow-nested');
    await refuses(() => run('clone', join(source, 'folder'), source), source, 7, 'nested', 'outside of the source');
    await refuses(() => run('clone', source, source), source, 7, 'nested', 'outside of the source');
    const inside = join(source, 'folder', 'copy');
    for (let i = 0; i < 2; i++) expect((await run('clone', source, inside, '--allow-nested')).exitCode).toBe(0);
    await expect(readFile(join(inside, 'folder', 'file1'), 'utf8')).resolves.toBe('content 1');
    expect(String(await inBash(inside, 'find . -name copy'))).toBe('');
  });

  test('another folder as the source', async () => {
    await using home = await makeTemporaryFolder();
    const { source, clone, run } = await makeClone(home.path);
    const wrong = join(home.path, 'wrong');
    await cp(source, wrong, { recursive: true });
    await refuses(() => run('clone', wrong, clone), clone, 7, 'source-exchanged', '--adopt-source');
    expect((await run('clone', wrong, clone, '--adopt-source')).exitCode).toBe(0);
  });

  test('a destination that another run uses', async () => {
    await using home = await makeTemporaryFolder();
    const { source, clone, run } = await makeClone(home.path);
    await inBash(source, 'head -c 300M /dev/zero | tr "\\0" x > large');
    let second: Promise<Finished> | undefined;
    const first = await runHoldfast(['clone', source, clone, '--bwlimit', '100M'], {
      home: join(home.path, 'home'),
      onEvent: ({ type, phase }) => {
        if (type === 'progress' && phase === 'transfer') second ??= run('clone', source, clone);
      },
    });
    expect(first.exitCode).toBe(0);
    const locked = await second;
    expect(locked?.exitCode).toBe(6);
    expect(locked?.messages.join()).toMatch(/process \d+ on /);
  });

  test('a dry run shows the plan that the run then carries out', async () => {
    await using home = await makeTemporaryFolder();
    const { source, clone, run } = await makeClone(home.path);
    await inBash(
      source,
      'cd folder; rm file0; mv file1 moved; echo changed > file2; chmod 600 file3; ln file4 linked; mkdir new; echo new > new/file; rm file5; mkdir file5',
    );
    const before = await stateOf(clone);
    const dry = await run('clone', source, clone, '-n');
    expect(dry.exitCode).toBe(0);
    expect(await stateOf(clone)).toBe(before);
    const real = await run('clone', source, clone);
    const told = ({ events }: Finished, type: string): string[] =>
      events.flatMap((event) => (event.type === type ? [`${event.op} ${event.path} ${event.reason}`] : [])).sort();
    expect(told(real, 'item')).toEqual(told(dry, 'plan'));
    expect(dry.summary.counts).toEqual(real.summary.counts);
  });
});

describe.skipIf(whyNoLoopFilesystem() !== undefined)('guards know disks', { timeout: 90_000 }, () => {
  test('an unmounted source, an unmounted destination, and a copied clone', async () => {
    await using home = await makeTemporaryFolder();
    const image = join(home.path, 'disk.img');
    await makeImage('ext4', image, 64);
    const { source, run } = await makeClone(home.path);
    const disk = join(home.path, 'disk');
    await mkdir(disk);
    const [onDisk, copy] = [join(disk, 'clone'), join(home.path, 'copy')];
    {
      await using _mounted = await mountImage('ext4', image, disk);
      expect((await run('clone', source, onDisk)).exitCode).toBe(0);
      expect((await run('clone', onDisk, copy)).exitCode).toBe(0);
      await inBash(home.path, 'cp -a disk/clone copied');
    }
    await mkdir(onDisk);
    await refuses(() => run('clone', source, onDisk), disk, 7, 'wrong-volume', '--adopt-volume');
    await refuses(() => run('clone', onDisk, copy), copy, 7, 'source-exchanged', '--adopt-source');
    const copied = join(home.path, 'copied');
    await refuses(() => run('clone', source, copied), copied, 7, 'wrong-volume', '--adopt-volume');
    expect((await run('clone', source, copied, '--adopt-volume')).exitCode).toBe(0);
  });

  test('too little room: refused before, and on a disk that fills up the oldest of the safety net goes first', async () => {
    await using home = await makeTemporaryFolder();
    await using disk = await mountLoopFilesystem('ext4', 96);
    const { source, run } = await makeClone(home.path);
    const clone = join(disk.directory, 'clone');
    expect((await run('clone', source, clone)).exitCode).toBe(0);
    await inBash(source, 'head -c 200M /dev/urandom > large');
    await refuses(() => run('clone', source, clone), clone, 4, 'no-space', '--allow-low-space');
    const full = await run('clone', source, clone, '--allow-low-space');
    expect(full.exitCode).toBe(4);
    expect(String(await inBash(clone, 'find . -name large -o -name ".holdfast-tmp*"'))).toBe('');
    for (let i = 0; i < 4; i++) {
      await inBash(source, 'head -c 30M /dev/urandom > large');
      expect((await run('clone', source, clone, '--safety-net-keep', '30d')).exitCode, `round ${i}`).toBe(0);
    }
    expect(
      String(await inBash(home.path, `cmp "${source}/large" "${clone}/large"; ls "${clone}/.holdfast/archive" | wc -l`)),
    ).toBe('1\n');
  });

  test('a read-only destination', async () => {
    await using home = await makeTemporaryFolder();
    await using disk = await mountLoopFilesystem('ext4', 64);
    const { source, run } = await makeClone(home.path);
    const clone = join(disk.directory, 'clone');
    expect((await run('clone', source, clone)).exitCode).toBe(0);
    await writeFile(join(source, 'new'), 'new');
    await inBash(disk.directory, 'mount -o remount,ro .');
    const refused = await run('clone', source, clone);
    expect(refused.exitCode).toBe(3);
    expect((await run('restore', clone, join(home.path, 'back'))).exitCode).toBe(0);
    await inBash(disk.directory, 'mount -o remount,rw .');
    expect((await run('clone', source, clone)).exitCode).toBe(0);
  });
});
