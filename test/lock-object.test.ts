import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CloneFixture } from './fixtures/clone-fixture.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';
import type { Finished } from './fixtures/run-holdfast.ts';

const localDisk = new URL('../plugins/local-disk/src/index.ts', import.meta.url).href;

/** Directories of this machine without the locks of this machine. */
const plugin = `
import disk from '${localDisk}';
const withoutLock = async (...parameters) => {
  const inner = await disk.destinations[0].open(...parameters);
  const { lock, ...capabilities } = inner.capabilities;
  return new Proxy(inner, {
    get: (target, name) => {
      if (name === 'capabilities') return capabilities;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
};
const ends = disk.destinations.map((each) => ({ ...each, scheme: 'nolock', open: withoutLock }));
export default { apiVersion: 1, name: 'nolock', destinations: ends };
`;

async function makeFixture(): Promise<CloneFixture> {
  const fixture = await CloneFixture.make('mkdir d; for i in {1..300}; do head -c 20000 /dev/urandom > d/$i; done');
  const folder = join(fixture.folder.path, 'plugin');
  await mkdir(folder);
  await writeFile(join(folder, 'index.js'), plugin);
  const manifest = {
    name: 'nolock',
    version: '1.0.0',
    type: 'module',
    exports: './index.js',
    holdfast: { apiVersion: 1, schemes: ['nolock'] },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await mkdir(join(fixture.home, 'config/holdfast'), { recursive: true });
  await writeFile(join(fixture.home, 'config/holdfast/config.json'), JSON.stringify({ plugins: [{ name: 'nolock', folder }] }));
  return fixture;
}

const clone = (fixture: CloneFixture, options: Parameters<CloneFixture['run']>[1] = {}): Promise<Finished> =>
  fixture.run(['clone', '--allow-same-disk', fixture.source, `nolock:${fixture.clone}`], options);

test('two runs at a destination without locks', { timeout: 60_000 }, async () => {
  await using fixture = await makeFixture();
  const lock = join(fixture.clone, '.holdfast/lock');
  expect((await clone(fixture)).messages).toEqual([]);
  expect(existsSync(lock)).toBe(false);
  await fixture.change('for i in {1..300}; do echo $i > d/$i; done');
  let second: Finished | undefined;
  let meanwhile: Promise<void> | undefined;
  const first = await clone(fixture, {
    onEvent: ({ type, phase }, child) => {
      if (type !== 'progress' || phase !== 'transfer') return;
      meanwhile ??= (async () => {
        child.kill('SIGSTOP');
        second = await clone(fixture);
        child.kill('SIGCONT');
      })();
    },
  });
  await meanwhile;
  expect([second?.exitCode, second?.summary.counts.stored]).toEqual([6, 0]);
  expect(second?.messages.join()).toMatch(/is locked by process \d+ on/);
  expect([first.exitCode, existsSync(lock)]).toEqual([0, false]);
  expect(await compareTrees(fixture.source, fixture.clone)).toEqual([]);
});

test('a killed run leaves its lock, which another takes over when it is old', { timeout: 60_000 }, async () => {
  await using fixture = await makeFixture();
  expect((await clone(fixture)).exitCode).toBe(0);
  await fixture.change('for i in {1..300}; do echo $i > d/$i; done');
  const killed = await clone(fixture, {
    onEvent: ({ type, phase }, child) => void (type === 'progress' && phase === 'transfer' && child.kill('SIGKILL')),
  });
  expect(killed.signal).toBe('SIGKILL');
  expect((await clone(fixture)).exitCode).toBe(6);
  await inBash(fixture.clone, 'touch -d "-21 minutes" .holdfast/lock');
  expect((await clone(fixture)).exitCode).toBe(0);
  expect(await fixture.atClone('ls .holdfast | grep lock || true')).toBe('');
  expect(await compareTrees(fixture.source, fixture.clone)).toEqual([]);
});

test('a run whose lock another one took changes nothing any more', { timeout: 60_000 }, async () => {
  await using fixture = await makeFixture();
  expect((await clone(fixture)).exitCode).toBe(0);
  await fixture.change('for i in {1..300}; do echo $i > d/$i; done');
  const record = join(fixture.clone, '.holdfast/mirror.json');
  const before = readFileSync(record, 'utf8');
  let meanwhile: Promise<unknown> | undefined;
  // Its clock says that it stood still for longer than a lock is proved.
  const run = await clone(fixture, {
    environment: { NODE_OPTIONS: `--import=${await jumpingClock(fixture)}` },
    onEvent: ({ type, phase }) => {
      if (type === 'progress' && phase === 'transfer') meanwhile ??= writeFile(join(fixture.folder.path, 'jump'), '');
    },
  });
  await meanwhile;
  expect([run.exitCode, run.events.findLast(({ type }) => type === 'error')?.code]).toEqual([6, 'fenced']);
  expect(readFileSync(record, 'utf8')).toBe(before);
});

/** A module that sets the clock of a program ahead by an hour once a file is there. */
async function jumpingClock(fixture: CloneFixture): Promise<string> {
  const path = join(fixture.folder.path, 'jumping-clock.mjs');
  await writeFile(
    path,
    `import { existsSync } from 'node:fs';
    const read = performance.now.bind(performance);
    const jumped = () => existsSync(${JSON.stringify(join(fixture.folder.path, 'jump'))});
    performance.now = () => read() + (jumped() ? 3_600_000 : 0);`,
  );
  return path;
}
