import { describe, expect, test } from 'vitest';
import { CloneFixture } from './fixtures/clone-fixture.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import type { Finished } from './fixtures/run-holdfast.ts';

/** What a run did, each as `op path: reason`, in the order of the paths. Directories whose times were put right take no part. */
function done({ events }: Finished): string[] {
  const items = events.filter(
    ({ type, op, bytes, reason }) => type === 'item' && !(op === 'metadata' && bytes === 0 && reason === 'metadata only'),
  );
  return items
    .map(({ op, path, reason }) => `${op} ${path}: ${reason}`)
    .sort((a, b) => (a.split(' ')[1] ?? '').localeCompare(b.split(' ')[1] ?? ''));
}

describe('what is noticed in the source', { timeout: 60_000 }, () => {
  test('a change of size, of time down to the nanosecond, and of content alone', async () => {
    await using fixture = await CloneFixture.make(
      'for name in size time content same; do echo 1234 > $name; touch -d @1000000000.123456789 $name; done',
    );
    await fixture.succeed();
    await fixture.change(`
      echo 12345 > size; touch -d @1000000000.123456789 size; touch -d @1000000000.123456790 time
      cp -p content ../reference; echo 5678 > content; touch -r ../reference content; touch -a same; chmod 600 same; chmod 644 same`);
    const run = await fixture.succeed();
    expect(done(run)).toEqual(['store content: ctime', 'store size: size', 'store time: mtime']);
    expect(await fixture.archived()).toEqual(['content', 'size', 'time']);
  });

  test('a change of metadata alone moves no data', async () => {
    await using fixture = await CloneFixture.make(
      'for name in mode owner attribute acl directory-mode time; do echo $name > $name; done; mkdir d; ln -s x link; mkfifo fifo',
    );
    await fixture.succeed();
    const inodes = await fixture.atClone('stat -c "%i %n" *');
    await fixture.change(
      'chmod 4711 mode; chown 12:34 owner; setfattr -n user.x -v y attribute; setfacl -m u:7:r acl; chmod 700 d; chown -h 5:6 link; chmod 600 fifo',
    );
    const run = await fixture.succeed();
    expect(run.summary.counts).toMatchObject({ stored: 0, retired: 0 });
    expect(run.summary.counts.metadata).toBeGreaterThanOrEqual(7);
    expect(run.summary.bytes.written).toBe(0);
    expect(await fixture.atClone('stat -c "%i %n" *')).toBe(inodes);
    await fixture.change('setfattr -x user.x attribute; setfacl -b acl');
    expect((await fixture.succeed()).summary.bytes.written).toBe(0);
  });

  test('renamed files and directories are renamed, hard links and all', async () => {
    await using fixture = await CloneFixture.make(`
      mkdir -p old/deep from to; for i in {1..5}; do seq $i 5000 > old/$i; seq $i 3000 > old/deep/$i; done; ln old/1 old/deep/linked; ln old/2 outside
      echo x > from/file; echo z > to/z`);
    await fixture.succeed();
    const inodes = await fixture.atClone('stat -c "%i %n" old/deep/* old/[1-5] from/file | sed "s/old/new/; s,from/,to/,"');
    await fixture.change('mv old new; mv from/file to/file');
    const run = await fixture.succeed('--max-delete=0');
    expect(run.summary.counts).toMatchObject({ renamed: 12, retired: 2 });
    expect(run.summary.bytes.written).toBe(0);
    expect(await fixture.atClone('stat -c "%i %n" new/deep/* new/[1-5] to/file')).toBe(inodes);
    expect(await fixture.archived()).toEqual([]);
  });

  test('a chain of renamed logs, and names that were exchanged', async () => {
    await using fixture = await CloneFixture.make(
      'for name in log log.1 log.2 a b; do echo "this was $name" > $name; done; seq 1 1000 > c; seq 2 1001 > d',
    );
    await fixture.succeed();
    const inodes = await fixture.atClone('stat -c %i log log.1');
    await fixture.change('mv log.1 log.2; mv log log.1; echo fresh > log; mv a x; mv b a; mv x b; mv c x; mv d c; mv x d');
    const run = await fixture.succeed();
    expect(run.summary.counts.renamed).toBeGreaterThanOrEqual(4);
    expect(await fixture.atClone('stat -c %i log.1 log.2')).toBe(inodes);
    expect(await fixture.archived()).toContain('log.2');
  });

  test('hard links that are added, removed, and parted', async () => {
    await using fixture = await CloneFixture.make(
      'mkdir d; for name in add remove part three; do echo $name > $name; done; for name in remove part three; do ln $name d/$name; done; ln three d/third',
    );
    await fixture.succeed();
    await fixture.change('ln add d/added; rm d/remove; rm d/part; echo part > d/part; echo rewritten > three');
    await fixture.succeed();
    await fixture.change('rm d/third; cp -p three d/third; ln -f add remove');
    await fixture.succeed();
  });

  test('a rewritten file under a name of an unchanged directory leaves its time right', async () => {
    await using fixture = await CloneFixture.make('mkdir a b; echo old > a/x; ln a/x b/y; touch -d @1000000000.5 b');
    await fixture.succeed();
    await fixture.change('echo "another content" > a/x');
    expect(done(await fixture.succeed())).toEqual(['store a/x: size', 'link b/y: link']);
  });

  test('a thing of another kind in its place', async () => {
    await using fixture = await CloneFixture.make(`
      for name in to-directory to-link to-fifo to-device; do echo $name > $name; done; mkdir -p to-file/deep; echo x > to-file/deep/x; ln -s x link-to-file
      mkdir -p directory-to-link/d; echo x > directory-to-link/d/x; mkfifo fifo-to-directory; ln -s y link-to-link; mkdir empty-to-file`);
    await fixture.succeed();
    await fixture.change(`
      rm to-directory to-link to-fifo to-device fifo-to-directory link-*; rm -r to-file directory-to-link empty-to-file
      mkdir to-directory fifo-to-directory; echo in > to-directory/in; ln -s x to-link; mkfifo to-fifo; mknod to-device c 1 3; echo file > to-file
      echo file > link-to-file; ln -s / directory-to-link; ln -s other link-to-link; echo x > empty-to-file`);
    await fixture.succeed('--max-delete=100%');
    expect(await fixture.archived()).toEqual([
      'directory-to-link/d/x',
      'fifo-to-directory',
      'link-to-file',
      'link-to-link',
      'to-device',
      'to-directory',
      'to-fifo',
      'to-file/deep/x',
      'to-link',
    ]);
    await fixture.change('rm -r *; mkdir to-file; echo x > to-directory');
    await fixture.succeed('--max-delete=100%');
  });

  test.each(['--quick', '--no-safety-net'])('a directory of which something else took the place, with %s', async (option) => {
    await using fixture = await CloneFixture.make(
      'mkdir -p a/deep b c; echo x > a/deep/x; echo y > a/y; echo z > b/z; echo w > c/w; echo l > aa',
    );
    await fixture.succeed();
    if (option !== '--quick') await fixture.atClone('rm a/deep/x');
    await fixture.change('rm -r a b; echo file > a; ln -s c b; rm -r c; ln aa c');
    const run = await fixture.succeed(option, '--max-delete=100%');
    const gone = option === '--quick' ? ['a/deep', 'a/deep/x'] : ['a/deep'];
    expect(done(run)).toEqual([
      'store a: type',
      ...[...gone, 'a/y'].map((path) => `retire ${path}: not in source`),
      'store b: type',
      'retire b/z: not in source',
      'link c: link',
      'retire c/w: not in source',
    ]);
    expect(run.summary.counts.retired).toBe(gone.length + 3);
    expect(await fixture.archived()).toEqual(option === '--quick' ? ['a/deep/x', 'a/y', 'b/z', 'c/w'] : []);
  });
});

describe('what is noticed at the destination', { timeout: 60_000 }, () => {
  const things =
    'mkdir d; for name in changed deleted kept d/rewritten d/mode; do echo $name > $name; touch -d @1000000000 $name; done; ln -s x link; ln kept d/kept';

  test('changed, deleted and added things are put right, and nothing of them is lost', async () => {
    await using fixture = await CloneFixture.make(things);
    await fixture.succeed();
    await fixture.atClone(`
      echo mine > changed; rm deleted; echo added > d/added; echo REWRITTEN > d/x; touch -r d/rewritten d/x; mv d/x d/rewritten; chmod 777 d/mode
      ln -sfn y link; mkdir folder; echo x > folder/x; rm d/kept; cp -p kept d/kept; touch d`);
    const run = await fixture.succeed();
    const put = ['changed', 'd/rewritten', 'link'].map((path) => `store ${path}: changed at destination`);
    expect(done(run)).toEqual(
      expect.arrayContaining([...put, 'store deleted: missing at destination', 'retire d/added: not in source']),
    );
    // The one file of both names is now the one that was put at d/kept, the first of them: what `kept` was is replaced by a link to it.
    expect(await fixture.archived()).toEqual(['changed', 'd/added', 'd/rewritten', 'folder/x', 'kept', 'link']);
    expect(await fixture.atClone('cd .holdfast/archive/*; cat changed d/added d/rewritten folder/x kept; readlink link')).toBe(
      'mine\nadded\nREWRITTEN\nx\nkept\ny\n',
    );
  });

  test('--quick goes by the records alone', async () => {
    await using fixture = await CloneFixture.make(things);
    await fixture.succeed();
    await fixture.atClone('rm deleted');
    await fixture.change('echo more > more; echo longer > changed');
    const quick = await fixture.try('--quick');
    expect(quick.exitCode).toBe(0);
    expect(done(quick)).toEqual(['store changed: size', 'store more: new']);
    expect(done(await fixture.succeed())).toEqual(['store deleted: missing at destination']);
  });

  test('--checksum compares contents', async () => {
    await using fixture = await CloneFixture.make(things);
    await fixture.succeed();
    const run = await fixture.succeed('--checksum');
    expect(done(run)).toEqual([]);
    expect(run.summary.bytes.written).toBe(0);
    expect(run.summary.counts.kept).toBe(9);
  });
});

describe('a chain of runs', { timeout: 60_000 }, () => {
  test('more runs than a disk is given calls at once go on without standing still', async () => {
    await using fixture = await CloneFixture.make('mkdir d; for name in d/{1..400}; do echo $name > $name; done');
    for (let run = 0; run < 12; run++) {
      await fixture.change(`echo "again ${run}" > d/${run + 1}; touch d/${run + 100}`);
      expect((await fixture.try()).summary.counts.failed).toBe(0);
    }
    expect(await compareTrees(fixture.source, fixture.clone)).toEqual([]);
  });
});

describe('what takes part', { timeout: 60_000 }, () => {
  test('what is left out stays at the destination', async () => {
    await using fixture = await CloneFixture.make(
      'mkdir cache d; for name in cache/a d/keep.tmp d/file large; do seq 1 500 > $name; done',
    );
    await fixture.succeed();
    await fixture.change('rm -r cache; rm d/keep.tmp large');
    const run = await fixture.try('--exclude=cache/', '--exclude=*.tmp', '--exclude=/large');
    expect(run.exitCode).toBe(0);
    expect(run.summary.counts.retired).toBe(0);
    expect(await fixture.atClone('ls cache d large')).toBe('large\n\ncache:\na\n\nd:\nfile\nkeep.tmp\n');
    await fixture.succeed('--max-delete=100%');
    await fixture.change(
      'mkdir marked; touch marked/.nobackup; echo x > marked/x; seq 1 100000 > big; mkdir d/.git; echo x > d/.git/x',
    );
    const some = await fixture.try('--exclude-if-present=.nobackup', '--exclude-larger-than=100K', '--exclude=.git');
    expect(some.summary.counts.excluded).toBeGreaterThanOrEqual(3);
    expect(await compareTrees(fixture.source, fixture.clone, { except: ['marked/x', 'big', 'd/.git'] })).toEqual([]);
    expect(await fixture.atClone('find marked d | sort')).toBe('d\nd/file\nmarked\nmarked/.nobackup\n');
  });

  test('--no-delete leaves what the source does not have', async () => {
    await using fixture = await CloneFixture.make('mkdir d; echo a > d/a; echo b > d/b');
    await fixture.succeed();
    await fixture.change('rm d/a; echo more > d/b');
    const run = await fixture.try('--no-delete');
    expect([run.exitCode, done(run)]).toEqual([0, ['store d/b: size']]);
    expect(await fixture.atClone('cat d/a d/b')).toBe('a\nmore\n');
    expect(done(await fixture.succeed())).toEqual(['retire d/a: not in source']);
  });

  test('--no-safety-net keeps nothing', async () => {
    await using fixture = await CloneFixture.make('echo a > a; echo b > b; echo c > c');
    await fixture.succeed();
    await fixture.change('rm a; echo longer > b');
    await fixture.succeed('--no-safety-net');
    expect(await fixture.archived()).toEqual([]);
  });
});
