import { spawnSync } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';
import { mountLoopFilesystem, whyNoLoopFilesystem } from './fixtures/loop-filesystem.ts';
import { runHoldfast, selectedOf } from './fixtures/run-holdfast.ts';
import { makeTemporaryFolder } from './fixtures/temporary-folder.ts';
import { plantTreeOfEveryKind } from './fixtures/tree-of-every-kind.ts';

const nobody = 65534;
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'] as const;
const kinds = ['ext4', 'xfs', 'btrfs'] as const;

async function countEntries(root: string): Promise<number> {
  return Number(await inBash(root, `find . -printf '.' | wc -c`));
}

/** Everything of a clone that a run without changes must leave as it is: what lies where, and when it was last touched. */
async function stateOf(root: string): Promise<string> {
  return String(await inBash(root, `find . -path ./.holdfast -prune -o -printf '%i %m %U %G %T@ %C@ %P\\0' | sort -z`));
}

/** Harms a copy in every way that a restore must notice by itself. */
const harm = `
echo changed > sizes/4096; rm sizes/1048577 hard/b/file; chmod 0777 modes/0640 modes/0400; chown 1:1 owners/setuid; setfattr -x user.comment xattrs/user
setfacl -b acl/file; rm links/relative; ln -s elsewhere links/relative; rm -r directories/empty; echo x > directories/empty; rm links/file
mkdir links/file; echo x > links/file/inside; echo extra > extra; rm specials/fifo; echo x > specials/fifo; touch names/a/x; touch times
rm hard/a/again; cp hard/a/file hard/a/again; chattr -i flags/file-i; chattr +i flags/file-d; rm sparse/middle; mkdir extra-directory
`;

describe.skipIf(whyNoLoopFilesystem() !== undefined)('a tree with every kind of thing', { timeout: 240_000 }, () => {
  test.each(kinds)('on %s is cloned, left alone when nothing changes, and restored', async (kind) => {
    await using home = await makeTemporaryFolder();
    await using disk = await mountLoopFilesystem(kind, 700);
    await using backup = await mountLoopFilesystem(kind, 700);
    const [source, clone, restored] = [
      join(disk.directory, 'source'),
      join(backup.directory, 'clone'),
      join(backup.directory, 'restored'),
    ];
    await mkdir(source);
    await plantTreeOfEveryKind(source, kind);
    const entries = await countEntries(source);

    const first = await runHoldfast(['clone', source, clone], { home: home.path });
    expect(first.messages).toEqual([]);
    expect(first.exitCode).toBe(0);
    expect(selectedOf(first.summary)).toBe(entries);
    expect(first.summary.counts).toMatchObject({ kept: 0, renamed: 0, retired: 0, excluded: 0, skipped: 0, failed: 0 });
    expect(await compareTrees(source, clone, { sameKind: true })).toEqual([]);

    const before = await stateOf(clone);
    const second = await runHoldfast(['clone', source, clone], { home: home.path });
    expect(second.messages).toEqual([]);
    expect(second.exitCode).toBe(0);
    expect(second.summary.counts).toEqual({
      stored: 0,
      kept: entries,
      metadata: 0,
      renamed: 0,
      retired: 0,
      excluded: 0,
      skipped: 0,
      failed: 0,
    });
    expect(second.summary.bytes).toMatchObject({ read: 0, written: 0, stored: 0 });
    expect(await stateOf(clone)).toBe(before);

    const third = await runHoldfast(['restore', clone, restored], { home: home.path });
    expect(third.messages).toEqual([]);
    expect(third.exitCode).toBe(0);
    expect(selectedOf(third.summary)).toBe(entries);
    expect(await compareTrees(clone, restored, { sameKind: true })).toEqual([]);

    await inBash(restored, harm);
    const fourth = await runHoldfast(['restore', '--delete', clone, restored], { home: home.path });
    expect(fourth.messages).toEqual([]);
    expect(fourth.exitCode).toBe(0);
    expect(selectedOf(fourth.summary)).toBe(entries);
    expect(fourth.summary.counts.stored).toBeLessThan(40);
    expect(await compareTrees(source, restored, { sameKind: true })).toEqual([]);
  });
});

test.each(['xfs', 'btrfs'] as const)(
  'within one %s, where blocks are shared, the clone is as faithful',
  { timeout: 120_000 },
  async (kind) => {
    await using home = await makeTemporaryFolder();
    await using disk = await mountLoopFilesystem(kind, 500);
    const [source, clone] = [join(disk.directory, 'source'), join(disk.directory, 'clone')];
    await mkdir(source);
    await plantTreeOfEveryKind(source, kind);
    const run = await runHoldfast(['clone', '--allow-same-disk', source, clone], { home: home.path });
    expect(run.messages).toEqual([]);
    expect(run.exitCode).toBe(0);
    expect(await compareTrees(source, clone, { sameKind: true })).toEqual([]);
    // The large file at least took no room of its own.
    const shared = await inBash(clone, `sync -f .; filefrag -v sizes/41943040 | grep -c shared`);
    expect(Number(shared)).toBeGreaterThan(0);
  },
);

describe.skipIf(whyNoLoopFilesystem() !== undefined)('a user who is not root', { timeout: 120_000 }, () => {
  test('copies what it may, and is told each thing that it may not', async ({ skip }) => {
    const [program, ...parameters] = asNobody;
    const readable =
      spawnSync(program, [...parameters, 'test', '-r', join(import.meta.dirname, 'fixtures/run-holdfast.ts')]).status === 0;
    if (!readable) skip('Nobody but its owner may read this checkout');
    await using home = await makeTemporaryFolder();
    await using disk = await mountLoopFilesystem('ext4', 700);
    const [source, clone] = [join(disk.directory, 'source'), join(disk.directory, 'clone')];
    for (const directory of [source, clone]) await mkdir(directory);
    await plantTreeOfEveryKind(source, 'ext4');
    await inBash(disk.directory, `chattr -i -a source; chmod 755 .. . source; setfacl -b source; rm source/modes/0004`);
    await inBash(home.path, `chmod 755 .; mkdir home; chown ${nobody}:${nobody} home`);
    await chown(clone, nobody, nobody);
    const visible = await inBash(source, `${asNobody.join(' ')} find . -printf . 2>/dev/null | wc -c`);
    const unreadable = await inBash(
      source,
      `${asNobody.join(' ')} find . \\( -type f -o -type d \\) ! -readable -printf '%P\\n' 2>/dev/null | sort`,
    );

    const home1 = { home: join(home.path, 'home'), uid: nobody, environment: { XDG_CACHE_HOME: join(home.path, 'home') } };
    const run = await runHoldfast(['clone', '--allow-same-disk', source, clone], home1);
    expect(run.exitCode, run.stderr).toBe(1);
    expect(run.summary.status).toBe('partial');
    expect(selectedOf(run.summary)).toBe(Number(visible));
    const named = run.events.flatMap(({ type, path, error }) => (type === 'item' && error !== undefined ? [path] : []));
    expect(named).toHaveLength(run.summary.counts.failed + run.summary.counts.skipped);
    expect(new Set(named).size).toBe(named.length);
    for (const path of String(unreadable).trimEnd().split('\n')) expect(named).toContain(path);
    const others = run.events.filter(({ error }) => error !== undefined && error.code !== 'access-denied');
    // The further name of a device that could not be made.
    expect(others.map(({ path }) => path)).toEqual(['hard/b/c/device']);

    // What was copied is right, and a second run does not copy it again.
    const bytes = await inBash(
      disk.directory,
      `cd clone; find . -path ./.holdfast -prune -o -type f -size -1G -print0 | sort -z | xargs -0 sha256sum`,
    );
    const wanted = await inBash(
      disk.directory,
      `cd clone; find . -path ./.holdfast -prune -o -type f -size -1G -print0 | sort -z | (cd ../source; xargs -0 sha256sum)`,
    );
    expect(String(bytes)).toBe(String(wanted));
    const again = await runHoldfast(['clone', '--allow-same-disk', source, clone], home1);
    expect(again.exitCode).toBe(1);
    expect(again.summary.counts.stored).toBe(0);
    expect(again.summary.counts.failed).toBe(run.summary.counts.failed);
  });
});
