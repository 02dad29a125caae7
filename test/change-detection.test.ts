import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';
import { type Counts, type Finished, runHoldfast } from './fixtures/run-holdfast.ts';
import { makeTemporaryFolder } from './fixtures/temporary-folder.ts';

interface Scene extends AsyncDisposable {
  readonly source: string;
  readonly clone: string;
  readonly home: string;
  /** Runs the program. */
  run(...words: string[]): Promise<Finished>;
  /** Changes the source by a script, clones, and answers what was counted; the trees must be equal afterwards. */
  after(script: string, ...options: string[]): Promise<Finished>;
  inode(path: string): Promise<number>;
}

/** A source of a few files and its clone. */
async function makeScene(script: string): Promise<Scene> {
  const folder = await makeTemporaryFolder();
  const [home, source, clone] = [join(folder.path, 'home'), join(folder.path, 'source'), join(folder.path, 'clone')];
  await mkdir(source);
  await inBash(source, script);
  const run = (...words: string[]): Promise<Finished> => runHoldfast(words, { home });
  const after = async (change: string, ...options: string[]): Promise<Finished> => {
    await inBash(source, change);
    const finished = await run('clone', source, clone, ...options);
    expect(finished.messages).toEqual([]);
    expect(finished.exitCode).toBe(0);
    expect(await compareTrees(source, clone, { sameKind: true })).toEqual([]);
    return finished;
  };
  await after(':');
  const inode = async (path: string): Promise<number> => (await stat(join(clone, path))).ino;
  return { source, clone, home: folder.path, run, after, inode, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const counted = ({ summary: { counts } }: Finished): Partial<Counts> =>
  Object.fromEntries(Object.entries(counts).filter(([name, count]) => count > 0 && name !== 'kept'));

const files = 'mkdir d; for i in 1 2 3 4 5 6; do echo "content $i" > d/f$i; done; head -c 2M /dev/urandom > big';

describe('a run finds what changed', { timeout: 60_000 }, () => {
  test('content: by size, by time to the nanosecond, and by change time alone', async () => {
    await using scene = await makeScene(files);
    expect(counted(await scene.after('echo more >> d/f1'))).toEqual({ stored: 1 });
    expect(
      counted(
        await scene.after('cp -p d/f2 k; echo "CONTENT 2" > d/f2; touch -d "$(stat -c %y k | sed s/.\\ /1\\ /)" d/f2; rm k'),
      ),
    ).toMatchObject({ stored: 1 });
    expect(counted(await scene.after('cp -p d/f3 ../keep; echo "CONTENT 3" > d/f3; touch -r ../keep d/f3'))).toEqual({
      stored: 1,
    });
  });

  test('metadata alone: no data is written, the file at the destination stays the same one', async () => {
    await using scene = await makeScene(files);
    const before = await scene.inode('big');
    const changes = [
      'chmod 600 big',
      'chown 12:34 big',
      'setfattr -n user.note -v hello big',
      'setfattr -x user.note big',
      'setfacl -m u:7:r big',
      'chattr +d big',
    ];
    for (const change of changes) {
      const finished = await scene.after(change);
      expect(counted(finished), change).toEqual({ metadata: 1 });
      expect(finished.summary.bytes.written, change).toBe(0);
    }
    expect(await scene.inode('big')).toBe(before);
  });

  test('renames and moves, of files, folders and rotated logs', async () => {
    await using scene = await makeScene(`${files}; ln d/f1 d/again; for i in 0 1 2 3; do echo "log $i" > log.$i; done`);
    const inodes = [await scene.inode('big'), await scene.inode('d/f1'), await scene.inode('log.0'), await scene.inode('log.2')];
    expect(counted(await scene.after('mv big large'))).toMatchObject({ renamed: 1 });
    const folder = await scene.after('mv d e');
    expect(folder.summary.counts).toMatchObject({ renamed: 7, failed: 0 });
    expect(folder.summary.bytes.written).toBe(0);
    const rotated = await scene.after('mv log.2 log.3; mv log.1 log.2; mv log.0 log.1; echo new > log.0');
    expect(counted(rotated)).toMatchObject({ renamed: 3, stored: 1 });
    expect(await Promise.all(['large', 'e/f1', 'log.1', 'log.3'].map((path) => scene.inode(path)))).toEqual(inodes);
    expect(await scene.inode('e/again')).toBe(inodes[1]);
    expect(counted(await scene.after('mv log.1 k; mv log.2 log.1; mv k log.2'))).toMatchObject({ renamed: 1, stored: 1 });
  });

  test('hard links that come, go and break', async () => {
    await using scene = await makeScene(`${files}; ln d/f1 d/again`);
    await scene.after('ln d/f2 linked; ln d/f1 third');
    await scene.after('rm d/again');
    await scene.after('cp -p third k; mv k third');
    await scene.after('echo changed > d/f2');
  });

  test('one kind of thing in place of another', async () => {
    await using scene = await makeScene(`${files}; ln -s d link; mkfifo pipe; mkdir empty`);
    await scene.after(
      'rm d/f1; mkdir d/f1; echo x > d/f1/x; rm link; echo file > link; rm pipe; ln -s x pipe; rmdir empty; echo file > empty',
    );
    await scene.after('rm -r d; echo file > d; rm link; mkdir link; rm empty; mkfifo empty', '--max-delete', '100%');
  });

  test('--checksum finds what no time tells; --quick trusts the records', async () => {
    await using scene = await makeScene(files);
    await inBash(scene.clone, 'rm d/f1');
    const quick = await scene.run('clone', scene.source, scene.clone, '--quick');
    expect(counted(quick)).toEqual({});
    expect(counted(await scene.after(':', '--checksum'))).toMatchObject({ stored: 1 });
  });
});

describe('the destination and the safety net', { timeout: 90_000 }, () => {
  test('what somebody changed, deleted or added at the destination is put right, and kept', async () => {
    await using scene = await makeScene(files);
    await inBash(
      scene.clone,
      'echo mine > d/f1; rm d/f2; echo extra > d/extra; chmod 777 d/f3; cp -p d/f4 ../k; echo "CONTENT 4" > d/f4; touch -r ../k d/f4',
    );
    const finished = await scene.after(':');
    expect(counted(finished)).toMatchObject({ stored: 3, retired: 1 });
    expect(String(await inBash(scene.clone, 'cd .holdfast/archive/*/d; cat extra f1 f4'))).toBe('extra\nmine\nCONTENT 4\n');
  });

  test('every version can be had back, with all metadata', async () => {
    await using scene = await makeScene(`${files}; ln d/f1 again; ln -s big link; setfattr -n user.a -v 1 d/f5; chmod 700 d`);
    const changes = [
      'echo two > d/f1; rm d/f2; mv d/f3 moved; mkdir new; echo n > new/n; setfattr -n user.a -v 2 d/f5',
      'rm -r new; mv moved d/f9; rm link; ln -s d link; chmod 750 d; echo three > big',
      'rm d/f1 d/f4 d/f5; mv d/f6 six; rm -r d; echo file > d; mv big bigger',
    ];
    const versions: [string, string][] = [];
    const keep = async (id: string | undefined): Promise<void> => {
      const copy = join(scene.home, `version-${versions.length}`);
      await inBash(scene.home, `cp -a source "${copy}"`);
      versions.push([id ?? '', copy]);
    };
    await keep((await scene.after(':')).summary.snapshotId);
    for (const change of changes) await keep((await scene.after(change, '--max-delete', '100%')).summary.snapshotId);
    for (const [id, copy] of versions) {
      const back = `${copy}-back`;
      const restored = await scene.run('restore', `${scene.clone}@${id}`, back);
      expect(restored.messages, id).toEqual([]);
      expect(restored.exitCode, id).toBe(0);
      expect(await compareTrees(copy, back, { sameKind: true }), id).toEqual([]);
    }
  });

  test('what is left out stays as it is at the destination, and --no-delete and --no-safety-net do what they say', async () => {
    await using scene = await makeScene(`${files}; echo t > d/a.tmp`);
    await inBash(scene.source, 'rm d/f1 d/a.tmp; echo x > d/b.tmp; echo changed > d/f2');
    const partial = await scene.run('clone', scene.source, scene.clone, '--exclude', '*.tmp', '--no-delete');
    expect(partial.summary.counts).toMatchObject({ stored: 1, retired: 0, excluded: 1 });
    expect(String(await inBash(scene.clone, 'ls d'))).toBe('a.tmp\nf1\nf2\nf3\nf4\nf5\nf6\n');
    const rest = await scene.run('clone', scene.source, scene.clone, '--no-safety-net');
    expect(rest.summary.counts).toMatchObject({ stored: 1, retired: 2 });
    expect(String(await inBash(scene.clone, 'ls d; find .holdfast/archive -type f'))).toMatch(
      /^b\.tmp\nf2\nf3\nf4\nf5\nf6\n\.holdfast\/archive\/[^\n]*\/d\/f2\n$/,
    );
  });

  test('restores a part, by path and pattern, and into a folder with other files', async () => {
    await using scene = await makeScene(`${files}; mkdir -p d/deep; echo x > d/deep/x; echo p > d/p.txt`);
    const target = join(scene.home, 'target');
    expect((await scene.run('restore', scene.clone, target, '--path', 'd/deep')).exitCode).toBe(0);
    expect(String(await inBash(target, 'find . -type f'))).toBe('./d/deep/x\n');
    expect((await scene.run('restore', scene.clone, target, '--include', '*.txt')).exitCode).toBe(0);
    await inBash(target, 'echo mine > d/f1; echo other > other; ln -s /etc d/f9');
    expect((await scene.run('restore', scene.clone, target, '--overwrite', 'never')).exitCode).toBe(0);
    expect(String(await inBash(target, 'cat d/f1 other'))).toBe('mine\nother\n');
    expect((await scene.run('restore', scene.clone, target, '--delete')).exitCode).toBe(0);
    expect(await compareTrees(scene.source, target, { sameKind: true })).toEqual([]);
  });

  test('verify tells what was changed from what is missing, and repairs it', async () => {
    await using scene = await makeScene(files);
    expect((await scene.run('verify', scene.clone)).exitCode).toBe(0);
    await inBash(scene.clone, 'echo other > d/f1');
    const changed = await scene.run('verify', scene.clone);
    expect(changed.exitCode).toBe(1);
    await inBash(scene.clone, 'rm d/f2');
    expect((await scene.run('verify', scene.clone)).exitCode).toBe(5);
    expect((await scene.run('verify', scene.clone, '--against', scene.source)).exitCode).toBe(1);
    const repaired = await scene.run('verify', scene.clone, '--repair-from', scene.source);
    expect(repaired.summary.counts).toMatchObject({ stored: 2, failed: 0 });
    expect((await scene.run('verify', scene.clone)).exitCode).toBe(0);
    expect((await scene.run('verify', scene.clone, '--against', scene.source)).exitCode).toBe(0);
    expect(counted(await scene.after(':'))).toEqual({});
  });
});
