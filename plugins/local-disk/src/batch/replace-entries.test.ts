import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BatchFixture } from './testing/batch-fixture.ts';

let disk: BatchFixture;
beforeEach(() => void (disk = new BatchFixture()));
afterEach(() => disk[Symbol.asyncDispose]());

const at = (name: string): string => join(disk.to, name);
const write = (name: string, text: string): void => writeFileSync(join(disk.from, name), text);
const read = (name: string): string => readFileSync(at(name), 'utf8');
const isRoot = process.getuid?.() === 0;

test('a replaced file is linked to where it is displaced, and the new one has the name', async () => {
  write('file', 'new');
  mkdirSync(at('keep'));
  writeFileSync(at('file'), 'old');
  const { ino } = statSync(at('file'));
  const [result] = await disk.run([await disk.store('file', { displaceTo: 'keep/1/file' })]);
  expect(result).toMatchObject({ displaced: true, method: 'read-write' });
  expect([read('file'), read('keep/1/file'), statSync(at('keep/1/file')).ino]).toEqual(['new', 'old', ino]);
  expect(disk.names()).toEqual(['file', 'keep', 'keep/1', 'keep/1/file']);
});

test('nothing is displaced where nothing was', async () => {
  write('file', 'new');
  const [result] = await disk.run([await disk.store('file', { displaceTo: 'keep/file' })]);
  expect(result?.displaced).toBeUndefined();
  expect(disk.names()).toEqual(['file']);
});

test('what was displaced before is never written over', async () => {
  write('file', 'new');
  mkdirSync(at('keep'));
  writeFileSync(at('file'), 'old');
  writeFileSync(at('keep/file'), 'older');
  const [result] = await disk.run([await disk.store('file', { displaceTo: 'keep/file' })]);
  expect(result?.error?.code).toBe('exists');
  expect([read('file'), read('keep/file')]).toEqual(['old', 'older']);
  expect(disk.names()).toEqual(['file', 'keep', 'keep/file']);
});

test('directories that displaced entries need look like those they stood in', async () => {
  mkdirSync(join(disk.from, 'a/b'), { recursive: true });
  write('a/b/file', 'new');
  mkdirSync(at('a/b'), { recursive: true });
  writeFileSync(at('a/b/file'), 'old');
  execFileSync('sh', ['-c', 'chmod 0750 a; chmod 2711 a/b; setfattr -n user.x -v 1 a/b'], { cwd: disk.to });
  await disk.run([await disk.store('a/b/file', { displaceTo: '.keep/run/a/b/file' })]);
  const modes = ['.keep/run/a', '.keep/run/a/b'].map((name) => (statSync(at(name)).mode & 0o7777).toString(8));
  expect(modes).toEqual(['750', '2711']);
  expect(execFileSync('getfattr', ['--only-values', '-n', 'user.x', '.keep/run/a/b'], { cwd: disk.to, encoding: 'utf8' })).toBe(
    '1',
  );
  expect(statSync(at('.keep')).mode & 0o7777).toBe(statSync(disk.to).mode & 0o7777);
});

test.each([
  ['a file by a link', 'link', 'file'],
  ['a link by a file', 'file', 'link'],
  ['an empty directory by a file', 'file', 'empty'],
])('%s is replaced in one step', async (_what, wanted, present) => {
  const plant = {
    file: (path: string) => writeFileSync(path, 'text'),
    link: (path: string) => symlinkSync('target', path),
    empty: (path: string) => mkdirSync(path),
  };
  plant[wanted as 'file'](join(disk.from, 'x'));
  plant[present as 'file'](at('x'));
  const [result] = await disk.run([await disk.store('x')]);
  expect(result?.error).toBeUndefined();
  expect(lstatSync(at('x')).isSymbolicLink()).toBe(wanted === 'link');
});

test('a directory that is not empty moves away whole, or stays', async () => {
  write('x', 'file now');
  mkdirSync(at('x/deep'), { recursive: true });
  writeFileSync(at('x/deep/file'), 'precious');
  const [refused] = await disk.run([await disk.store('x')]);
  expect(refused?.error?.code).toBe('is-directory');
  expect(disk.names()).toEqual(['x', 'x/deep', 'x/deep/file']);
  const [result] = await disk.run([await disk.store('x', { displaceTo: 'keep/x' })]);
  expect(result).toMatchObject({ displaced: true });
  expect([read('x'), read('keep/x/deep/file')]).toEqual(['file now', 'precious']);
});

test('a file makes way for a directory and what is in it, and is kept', async () => {
  mkdirSync(join(disk.from, 'x'));
  write('x/inside', 'new');
  writeFileSync(at('x'), 'old');
  const results = await disk.run([await disk.store('x', { displaceTo: 'keep/x' }), await disk.store('x/inside')]);
  expect(results.map(({ error, displaced }) => error ?? displaced)).toEqual([true, undefined]);
  expect([read('x/inside'), read('keep/x')]).toEqual(['new', 'old']);
});

test('a file that no operation is about never makes way', async () => {
  mkdirSync(join(disk.from, 'x'));
  write('x/inside', 'new');
  writeFileSync(at('x'), 'precious');
  const [result] = await disk.run([await disk.store('x/inside')]);
  expect(result?.error?.code).toBe('not-a-directory');
  expect(read('x')).toBe('precious');
  expect(disk.names()).toEqual(['x']);
});

test('a link where a directory is expected is refused, and nothing is written through it', async () => {
  const outside = join(disk.base, 'outside');
  mkdirSync(outside);
  mkdirSync(join(disk.from, 'a/b'), { recursive: true });
  write('a/b/file', 'new');
  for (const [planted, target] of [
    ['a', outside],
    ['a', '../outside'],
    ['a', '.'],
  ] as const) {
    symlinkSync(target, at(planted));
    const operations = [
      await disk.store('a/b/file'),
      await disk.about('content', 'a/b/file'),
      disk.inspect('a/b/file'),
      disk.move('a/b', 'c'),
      disk.remove('a/b'),
    ];
    for (const operation of operations) expect((await disk.run([operation]))[0]?.error?.code, operation.op).toBe('link-escapes');
    writeFileSync(at('plain'), 'x');
    for (const operation of [disk.move('plain', 'a/x'), disk.link('plain', 'a/x')])
      expect((await disk.run([operation]))[0]?.error?.code).toBe('link-escapes');
    expect((await disk.run([await disk.store('a/b/file', { key: 'plain', displaceTo: 'a/old' })]))[0]?.error?.code).toBe(
      'link-escapes',
    );
    expect(execFileSync('find', [outside], { encoding: 'utf8' }).trim()).toBe(outside);
    expect(disk.names()).toEqual(['a', 'plain']);
    await disk.run([disk.remove('a'), disk.remove('plain')]);
  }
});

test('hard links are made of any kind, also where something else is, and left where they are there already', async () => {
  writeFileSync(at('first'), 'text');
  symlinkSync('target', at('symlink'));
  writeFileSync(at('other'), 'other');
  const results = await disk.run([
    disk.link('first', 'new/second'),
    disk.link('symlink', 'symlink2'),
    disk.link('first', 'other', 'keep/other'),
  ]);
  expect(results.map(({ error, displaced }) => error ?? displaced)).toEqual([undefined, undefined, true]);
  const inodes = ['first', 'new/second', 'other'].map((name) => statSync(at(name)).ino);
  expect(new Set(inodes).size).toBe(1);
  expect([readlinkSync(at('symlink2')), read('keep/other')]).toEqual(['target', 'other']);
  const { ctimeMs } = statSync(at('first'));
  const [again] = await disk.run([disk.link('first', 'new/second', 'keep/second')]);
  expect(again?.error).toBeUndefined();
  expect(again?.displaced).toBeUndefined();
  expect(statSync(at('first')).ctimeMs).toBe(ctimeMs);
  expect(new DataView(again!.stat!.buffer, again!.stat!.byteOffset).getUint32(72, true)).toBe(3);
});

test('moves take directories along, make parents, and displace', async () => {
  mkdirSync(at('a/b'), { recursive: true });
  writeFileSync(at('a/b/file'), 'text');
  writeFileSync(at('old'), 'old');
  writeFileSync(at('new'), 'new');
  const results = await disk.run([disk.move('a', 'c/d/a'), disk.move('new', 'old', 'keep/old'), disk.move('none', 'x/none')]);
  expect(results.map(({ error, displaced }) => error?.code ?? displaced)).toEqual([undefined, true, 'not-found']);
  expect([read('c/d/a/b/file'), read('old'), read('keep/old')]).toEqual(['text', 'new', 'old']);
  expect(disk.names()).toEqual(['c', 'c/d', 'c/d/a', 'c/d/a/b', 'c/d/a/b/file', 'keep', 'keep/old', 'old']);
});

test('the directory that entries are moved or displaced to keeps the times of the one they stood in', async () => {
  mkdirSync(at('a'));
  for (const name of ['one', 'two']) writeFileSync(at(`a/${name}`), name);
  utimesSync(at('a'), 1_000_000_000, 1_000_000_000);
  await disk.run([disk.move('a/one', 'keep/a/one'), disk.move('a/two', 'keep/a/two')]);
  expect(statSync(at('keep/a')).mtimeMs).toBe(1_000_000_000_000);
});

test('removes entries and empty directories in the order given, and temporary directories with what is in them', async () => {
  mkdirSync(at('a/full'), { recursive: true });
  writeFileSync(at('a/full/file'), 'x');
  mkdirSync(at('.holdfast-tmp-run-1/deep'), { recursive: true });
  writeFileSync(at('.holdfast-tmp-run-1/deep/file'), 'x');
  const [first] = await disk.run([disk.remove('a')]);
  expect(first?.error?.code).toBe('is-directory');
  const results = await disk.run(
    ['a/full/file', 'a/full', 'a', 'none', 'none/deeper', '.holdfast-tmp-run-1'].map((key) => disk.remove(key)),
  );
  expect(results.map(({ error }) => error?.code)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
  expect(disk.names()).toEqual([]);
});

test.skipIf(!isRoot)(
  'immutable and append-only entries are replaced, linked, moved, displaced and removed, and stay what they are',
  async () => {
    for (const name of ['replaced', 'linked', 'moved', 'removed', 'touched']) {
      write(name, 'new');
      writeFileSync(at(name), 'old');
    }
    mkdirSync(at('locked'));
    writeFileSync(at('locked/file'), 'old');
    mkdirSync(join(disk.from, 'locked'));
    write('locked/file', 'new');
    const lock = (cwd: string): void =>
      void execFileSync('sh', ['-c', 'chattr +i replaced moved touched locked; chattr +a linked removed'], { cwd });
    lock(disk.to);
    lock(disk.from);
    const flags = (...names: string[]): string[] =>
      execFileSync('lsattr', ['-d', ...names], { cwd: disk.to, encoding: 'utf8' })
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.replace(/^\S+/, (set) => set.replace(/[-e]/g, '')));
    const stored = await disk.run([
      await disk.store('replaced', { displaceTo: 'keep/replaced' }),
      await disk.about('metadata', 'touched'),
      await disk.store('locked/file'),
    ]);
    const ordered = await disk.run([disk.link('linked', 'linked2'), disk.move('moved', 'moved2'), disk.remove('removed')]);
    expect([...stored, ...ordered].map(({ error }) => error)).toEqual(Array(6).fill(undefined));
    expect([read('replaced'), read('keep/replaced'), read('locked/file'), read('linked2'), read('moved2')]).toEqual([
      'new',
      'old',
      'new',
      'old',
      'old',
    ]);
    expect(flags('replaced', 'keep/replaced', 'linked', 'linked2', 'moved2', 'touched')).toEqual([
      'i replaced',
      'i keep/replaced',
      'a linked',
      'a linked2',
      'i moved2',
      'i touched',
    ]);
    await disk.run([await disk.about('metadata', 'locked')]);
    expect(flags('locked')).toEqual(['i locked']);
  },
);

test('hard links among what is replaced stay apart', async () => {
  write('a', 'new');
  writeFileSync(at('a'), 'old');
  linkSync(at('a'), at('b'));
  await disk.run([await disk.store('a')]);
  expect([read('a'), read('b')]).toEqual(['new', 'old']);
});
