import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { inBash } from './fixtures/in-bash.ts';
import { makeImage, mountImage, whyNoLoopFilesystem } from './fixtures/loop-filesystem.ts';
import { runHoldfast } from './fixtures/run-holdfast.ts';
import { makeTemporaryFolder } from './fixtures/temporary-folder.ts';

const kinds = [
  ['ext4', 200],
  ['btrfs', 250],
  ['xfs', 320],
] as const;
const cuts = inject('storm') === 'full' ? 12 : 3;

/** Every file under its real name, by digest; what has a temporary name, and the mirror's own records, do not count. */
async function filesOf(directory: string): Promise<Map<string, string>> {
  const list = String(
    await inBash(
      directory,
      `find . -name '.holdfast*' -prune -o -type f -print0 | sort -z | xargs -0 -r sha256sum | sed 's/ \\*\\?/ /'`,
    ),
  );
  const pairs = list.split('\n').filter((line) => line !== '');
  return new Map(pairs.map((line) => [line.slice(64).trim(), line.slice(0, 64)]));
}

describe.skipIf(whyNoLoopFilesystem() !== undefined)('a power cut in the middle of a run', { timeout: 240_000 }, () => {
  test.each(kinds)('leaves only whole files on %s', async (kind, sizeMiB) => {
    await using home = await makeTemporaryFolder();
    const [source, image, disk] = [join(home.path, 'source'), join(home.path, 'disk.img'), join(home.path, 'disk')];
    await mkdir(source);
    await inBash(
      source,
      'for d in $(seq 20); do mkdir d$d; for f in $(seq 40); do head -c $((RANDOM % 9000)) /dev/urandom > d$d/f$f; done; done; head -c 20M /dev/urandom > large',
    );
    await makeImage(kind, image, sizeMiB);
    const copies: string[] = [];
    const known = new Map<string, Set<string>>();
    {
      await using _mounted = await mountImage(kind, image, disk);
      const clone = join(disk, 'clone');
      for (let round = 0; round < 2; round++) {
        for (const [path, digest] of await filesOf(source)) known.set(path, (known.get(path) ?? new Set()).add(digest));
        let ended = false;
        const run = runHoldfast(['clone', source, clone], { home: join(home.path, 'home') }).finally(() => (ended = true));
        for (let cut = 0; cut < cuts && !ended; cut++) {
          await delay(500 + cut * 130);
          const copy = join(home.path, `cut-${copies.length}.img`);
          // No sync before: this is what the disk holds at this moment.
          await inBash(home.path, `cp --sparse=always "${image}" "${copy}"`);
          copies.push(copy);
        }
        expect((await run).exitCode).toBe(0);
        await inBash(
          source,
          'for d in $(seq 10); do head -c 5000 /dev/urandom > d$d/f1; rm -f d$d/f2; [ ! -e d$d/f3 ] || mv d$d/f3 d$d/g3; done; head -c 20M /dev/urandom > large',
        );
        for (const path of known.keys())
          if (/\/f3$/.test(path)) known.set(path.replace('/f3', '/g3'), known.get(path) ?? new Set());
      }
    }
    for (const copy of copies) {
      const at = join(home.path, 'after');
      await using _mounted = await mountImage(kind, copy, at);
      const found = await filesOf(at);
      const torn = [...found].filter(([path, digest]) => known.get(path.replace('./clone/', './'))?.has(digest) !== true);
      expect(torn, copy).toEqual([]);
    }
    expect(copies.length).toBeGreaterThan(1);
  });
});
