import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CloneFixture } from './fixtures/clone-fixture.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import { fingerprintTree } from './fixtures/fingerprint-tree.ts';
import { inBash } from './fixtures/in-bash.ts';
import { makeImage, mountImage, mountLoopFilesystem, whyNoLoopFilesystem } from './fixtures/loop-filesystem.ts';

const tenFiles = 'mkdir d; for i in {0..9}; do echo $i > d/$i; done';
const refused = (code: string): { exitCode: number; code: string } => ({ exitCode: 7, code });

describe('a source that is not what it was', { timeout: 60_000 }, () => {
  test('emptied', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    await fixture.succeed();
    await fixture.change('rm -r d');
    expect(await fixture.refuse(refused('source-empty'))).toContain('--allow-empty-source');
    await fixture.succeed('--allow-empty-source');
    expect(await fixture.archived()).toEqual(Array.from({ length: 10 }, (_, i) => `d/${i}`));
  });

  test('vanished, or never there', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    expect((await fixture.run(['clone', join(fixture.folder.path, 'never'), fixture.clone])).exitCode).toBe(2);
    await fixture.succeed();
    await inBash(fixture.folder.path, 'mv source elsewhere');
    await fixture.refuse(refused('source-vanished'));
    await inBash(fixture.folder.path, 'mv elsewhere source');
    await fixture.succeed();
  });

  test.skipIf(whyNoLoopFilesystem() !== undefined)('another disk under the same path, or its disk not mounted', async () => {
    await using fixture = await CloneFixture.make('');
    const image = (name: string): string => join(fixture.folder.path, name);
    for (const name of ['a', 'b']) {
      await makeImage('ext4', image(name), 16);
      await using _disk = await mountImage('ext4', image(name), fixture.source);
      await fixture.change(`rmdir lost+found; ${tenFiles}; echo ${name} > name`);
    }
    {
      await using _disk = await mountImage('ext4', image('a'), fixture.source);
      await fixture.succeed();
    }
    await fixture.refuse(refused('source-exchanged'));
    {
      await using _disk = await mountImage('ext4', image('b'), fixture.source);
      expect(await fixture.refuse(refused('source-exchanged'))).toContain('--adopt-source');
      await fixture.succeed('--adopt-source');
    }
    await using _disk = await mountImage('ext4', image('a'), fixture.source);
    await fixture.refuse(refused('source-exchanged'));
  });
});

describe('a destination that is not what it was', { timeout: 60_000 }, () => {
  test('holds what nobody put there', async () => {
    await using fixture = await CloneFixture.make(`${tenFiles}; echo old > differs`);
    await inBash(
      fixture.folder.path,
      'cp -a source clone; echo mine > clone/mine; mkdir clone/folder; echo x > clone/folder/x; echo other > clone/differs',
    );
    const message = await fixture.refuse(refused('destination-not-empty'));
    expect(message).toMatch(/mine[^]*--adopt-destination/);
    expect(message).toContain('folder/');
    const inodes = await fixture.atClone('stat -c %i d/*');
    const { summary } = await fixture.succeed('--adopt-destination');
    expect(summary.counts).toMatchObject({ stored: 1, kept: 11, metadata: 1, retired: 3 });
    expect(await fixture.atClone('stat -c %i d/*')).toBe(inodes);
    expect(await fixture.archived()).toEqual(['differs', 'folder/x', 'mine']);
  });

  test('holds only what the source has too: that is taken over without being copied', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    await inBash(fixture.folder.path, 'cp -a source clone');
    const { summary } = await fixture.succeed();
    expect(summary.counts).toMatchObject({ stored: 0, kept: 12 });
    expect(summary.bytes.written).toBe(0);
  });

  test.skipIf(whyNoLoopFilesystem() !== undefined)('its disk is not mounted', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    await makeImage('ext4', join(fixture.folder.path, 'disk'), 32);
    {
      await using _disk = await mountImage('ext4', join(fixture.folder.path, 'disk'), fixture.clone);
      await inBash(fixture.clone, 'rmdir lost+found');
      await fixture.succeed();
    }
    expect(await fixture.refuse(refused('wrong-volume'))).toContain('--adopt-volume');
    expect(await fixture.atClone('ls -A')).toBe('');
    await fixture.succeed('--adopt-volume');
  });

  test.skipIf(whyNoLoopFilesystem() !== undefined)('is a copy of the mirror on another disk', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    await fixture.succeed();
    await using disk = await mountLoopFilesystem('ext4', 32);
    const original = fixture.clone;
    fixture.clone = join(disk.directory, 'copy');
    await inBash(disk.directory, `cp -a ${original} copy`);
    await fixture.change('echo more > more');
    expect(await fixture.refuse(refused('wrong-volume'))).toContain('--adopt-volume');
    await fixture.succeed('--adopt-volume');
    expect(await inBash(original, 'ls')).not.toContain('more');
  });

  test.skipIf(whyNoLoopFilesystem() !== undefined)('is read-only', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    await using disk = await mountLoopFilesystem('ext4', 32);
    fixture.clone = join(disk.directory, 'clone');
    await fixture.succeed();
    await fixture.change('echo more > more');
    await inBash('/', `mount -o remount,ro "$disk"`, { disk: disk.directory });
    const before = await fingerprintTree(disk.directory);
    const run = await fixture.try();
    expect([run.exitCode, run.events.findLast(({ type }) => type === 'error')?.code]).toEqual([3, 'read-only']);
    expect((await fixture.run(['clone', fixture.source, join(disk.directory, 'new')])).exitCode).toBe(3);
    // To look needs no permission to write.
    expect((await fixture.try('-n')).exitCode).toBe(0);
    expect(await fingerprintTree(disk.directory)).toBe(before);
    expect((await fixture.run(['restore', fixture.clone, join(fixture.folder.path, 'restored')])).exitCode).toBe(0);
    await inBash('/', `mount -o remount,rw "$disk"`, { disk: disk.directory });
    await fixture.succeed();
  });
});

describe('source and destination within each other', { timeout: 60_000 }, () => {
  test('the destination in the source is refused, or left out of the copy', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    fixture.clone = join(fixture.source, 'backup/clone');
    expect(await fixture.refuse(refused('nested'), [], fixture.source)).toContain('--allow-nested');
    await inBash(fixture.folder.path, 'ln -s source alias');
    expect((await fixture.run(['clone', join(fixture.folder.path, 'alias'), fixture.clone])).exitCode).toBe(7);
    for (let round = 0; round < 2; round++) {
      expect((await fixture.try('--allow-nested')).exitCode).toBe(0);
      expect(await fixture.atClone('find . -path ./.holdfast -prune -o -type f -print | sort')).toBe(
        './d/0\n./d/1\n./d/2\n./d/3\n./d/4\n./d/5\n./d/6\n./d/7\n./d/8\n./d/9\n',
      );
    }
  });

  test('the source in the destination is always refused', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    fixture.clone = fixture.folder.path;
    for (const options of [[], ['--allow-nested'], ['--adopt-destination']])
      await fixture.refuse(refused('nested'), options, fixture.source);
    fixture.clone = fixture.source;
    await fixture.refuse(refused('nested'), ['--allow-nested']);
  });
});

test.skipIf(whyNoLoopFilesystem() !== undefined)(
  'a copy on the same disk is told of once, with the option that says it is meant',
  async () => {
    await using fixture = await CloneFixture.make('');
    await using disk = await mountLoopFilesystem('ext4', 32);
    await using other = await mountLoopFilesystem('ext4', 32);
    fixture.source = join(disk.directory, 'source');
    await mkdir(fixture.source);
    await fixture.change(tenFiles);
    const clone = (to: string, ...options: string[]): Promise<readonly string[]> =>
      fixture.run(['clone', ...options, fixture.source, to]).then(({ exitCode, events }) => {
        expect(exitCode).toBe(0);
        return events.flatMap(({ type, code, hint = '' }) => (type === 'warning' ? [`${code}: ${hint}`] : []));
      });
    const first = await clone(join(disk.directory, 'clone'));
    expect(first).toEqual([expect.stringMatching(/^same-disk: .*--allow-same-disk/)]);
    expect(await clone(join(disk.directory, 'clone'))).toEqual([]);
    expect(await clone(join(disk.directory, 'meant'), '--allow-same-disk')).toEqual([]);
    expect(await clone(join(other.directory, 'clone'))).toEqual([]);
  },
);

describe('more deletions than allowed', { timeout: 60_000 }, () => {
  test('of ten files', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    await fixture.succeed();
    await fixture.change('rm d/[0-5]');
    expect(await fixture.refuse(refused('too-many-deletions'))).toContain('--max-delete');
    for (const limit of ['5', '0', '59%']) await fixture.refuse(refused('too-many-deletions'), [`--max-delete=${limit}`]);
    await fixture.succeed('--max-delete=6');
    await fixture.change('rm d/[67]');
    await fixture.succeed();
    await fixture.change('rm d/*; rmdir d; echo new > new');
    await fixture.refuse(refused('too-many-deletions'), ['--max-delete=1']);
    await fixture.succeed('--max-delete=100%');
  });

  test('moves and replacements are none', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    await fixture.succeed();
    await fixture.change('echo x > f; echo y > g');
    await fixture.succeed();
    await fixture.change('mv d moved; echo other > f; rm g; mkdir g');
    const { summary } = await fixture.succeed('--max-delete=0');
    expect(summary.counts).toMatchObject({ renamed: 10, retired: 1 });
  });
});

describe.skipIf(whyNoLoopFilesystem() !== undefined)('a destination that is too small', { timeout: 60_000 }, () => {
  const version = (n: number): string => `seq ${n}000000 9999999 | head -c 8388608 > large; echo ${n} > small`;

  test('is refused before anything is written', async () => {
    await using fixture = await CloneFixture.make(
      'seq 1 9999999 | head -c 41943040 > large; echo x > small; truncate -s 1G sparse',
    );
    await using disk = await mountLoopFilesystem('ext4', 32);
    fixture.clone = join(disk.directory, 'clone');
    await mkdir(fixture.clone);
    expect(await fixture.refuse({ exitCode: 4, code: 'no-space' })).toContain('--allow-low-space');
    const run = await fixture.try('--allow-low-space');
    expect([run.exitCode, run.events.findLast(({ type }) => type === 'error')?.code]).toEqual([4, 'destination-full']);
    // Only whole files, and no temporary ones that would keep it full.
    expect(await fixture.atClone('find . -path ./.holdfast -prune -o -type f -printf "%P %s\\n" | sort')).not.toContain('large');
    await fixture.change('rm large');
    await fixture.succeed();
  });

  test('gives up its oldest versions first, and then says that it is full', async () => {
    await using fixture = await CloneFixture.make(version(1));
    await using disk = await mountLoopFilesystem('ext4', 40);
    fixture.clone = join(disk.directory, 'clone');
    const ids: (string | undefined)[] = [];
    for (let n = 1; n <= 3; n++) {
      await fixture.change(version(n));
      ids.push((await fixture.try('--safety-net-keep=1000d')).summary.snapshotId);
    }
    expect((await fixture.atClone('ls .holdfast/archive')).trim().split('\n')).toEqual(ids.slice(1));
    await fixture.change(version(4));
    const run = await fixture.try('--safety-net-keep=1000d');
    expect([run.exitCode, run.summary.status]).toEqual([0, 'ok']);
    expect(await compareTrees(fixture.source, fixture.clone)).toEqual([]);
    // Version 1 made room for version 4.
    expect((await fixture.atClone('ls .holdfast/archive')).trim().split('\n')).toEqual([ids[2], run.summary.snapshotId]);
    const lost = await fixture.run(['restore', `--at=${ids[0]}`, fixture.clone, join(fixture.folder.path, 'first')]);
    expect(lost.exitCode).toBe(1);
    expect(lost.messages.join()).toContain('pruned');
    const kept = await fixture.run(['restore', `--at=${ids[2]}`, fixture.clone, join(fixture.folder.path, 'third')]);
    expect([kept.exitCode, kept.messages]).toEqual([0, []]);
    expect(String(await inBash(fixture.folder.path, 'cat third/small'))).toBe('3\n');

    await fixture.change('seq 5 9999999 | head -c 36700160 > larger');
    const before = await inBash(fixture.clone, 'sha256sum large small');
    expect((await fixture.try('--safety-net-keep=1000d', '--allow-low-space')).exitCode).toBe(4);
    expect(await inBash(fixture.clone, 'sha256sum large small')).toEqual(before);
    await fixture.change('rm larger');
    await fixture.succeed();
  });
});

describe('two runs at once', { timeout: 60_000 }, () => {
  test('the second one is told who has the lock', async () => {
    await using fixture = await CloneFixture.make(tenFiles);
    await fixture.succeed();
    await fixture.change('for i in {1..300}; do head -c 100000 /dev/urandom > d/new-$i; done');
    let second: Awaited<ReturnType<CloneFixture['try']>> | undefined;
    let pid: number | undefined;
    const first = await fixture.run(['clone', fixture.source, fixture.clone], {
      onEvent: ({ type, phase }, child) => {
        if (type !== 'progress' || phase !== 'transfer' || pid !== undefined) return;
        pid = child.pid;
        child.kill('SIGSTOP');
        void fixture.try().then((run) => {
          second = run;
          child.kill('SIGCONT');
        });
      },
    });
    expect(second?.exitCode).toBe(6);
    expect(second?.messages.join()).toContain(`process ${pid} `);
    expect(second?.summary.counts.stored).toBe(0);
    expect(first.exitCode).toBe(0);
    expect(await compareTrees(fixture.source, fixture.clone)).toEqual([]);
  });
});
