import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CloneFixture } from './fixtures/clone-fixture.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';

const files = 'mkdir d; for i in 1 2 3 4 5 6; do echo "content $i" > d/f$i; done; head -c 2M /dev/urandom > big';

/** Copies the source as it is now, with the inode flag that these tests set, which cp leaves out. */
async function keepCopy({ folder }: CloneFixture, name: string): Promise<string> {
  const flagged = "lsattr -R 2>/dev/null | awk '$1 ~ /d/ { print $2 }'";
  await inBash(folder.path, `cp -a source ${name}; cd source; ${flagged} | (cd ../${name}; xargs -r chattr +d)`);
  return join(folder.path, name);
}

describe('restore', { timeout: 90_000 }, () => {
  test('every version can be had back, with all metadata', async () => {
    await using fixture = await CloneFixture.make(
      `${files}; ln d/f1 again; ln -s big link; setfattr -n user.a -v 1 d/f5; setfacl -m u:7:r d/f6; chattr +d d/f4; chmod 700 d`,
    );
    const changes = [
      ':',
      'echo two > d/f1; rm d/f2; mv d/f3 moved; mkdir new; echo n > new/n; setfattr -n user.a -v 2 d/f5',
      'rm -r new; mv moved d/f9; rm link; ln -s d link; chmod 750 d; echo three > big; chattr -d d/f4; setfacl -b d/f6',
      'rm d/f1 d/f4 d/f5; mv d/f6 six; rm -r d; echo file > d; mv big bigger',
      'rm -r *',
    ];
    const versions: [string, string][] = [];
    for (const [index, change] of changes.entries()) {
      await fixture.change(change);
      const { summary } = await fixture.succeed('--max-delete=100%', '--allow-empty-source');
      versions.push([summary.snapshotId ?? '', await keepCopy(fixture, `version-${index}`)]);
    }
    for (const [id, copy] of versions) {
      const back = `${copy}-back`;
      const { exitCode, messages } = await fixture.run(['restore', `${fixture.clone}@${id}`, back]);
      expect([exitCode, messages], id).toEqual([0, []]);
      expect(await compareTrees(copy, back, { sameKind: true }), id).toEqual([]);
    }
  });

  test('a version has its own attributes, whatever was changed in place since, by a run that was killed too', async () => {
    await using fixture = await CloneFixture.make(`
      for name in plain described linked dropped; do echo $name > $name; done; ln linked name; ln -s x symlink
      setfattr -n user.a -v 1 described; setfattr -n user.a -v 1 dropped; chattr +d dropped`);
    const first = await fixture.succeed();
    const before = await keepCopy(fixture, 'before');
    await fixture.change(`
      setfattr -n user.b -v 2 plain; chattr +d plain; setfattr -n user.a -v 3 described; setfattr -n user.b -v 2 linked
      setfattr -x user.a dropped; chattr -d dropped; echo longer > dropped; setfattr -h -n trusted.b -v 2 symlink`);
    const second = await fixture.succeed();
    const after = await keepCopy(fixture, 'after');
    // What a run would have done before it was killed.
    await fixture.atClone(
      'for name in plain described linked dropped; do setfattr -n user.killed -v 4 $name; chattr +d $name; done',
    );
    for (const [id, wanted] of [
      [first.summary.snapshotId, before],
      [second.summary.snapshotId, after],
    ] as const) {
      const { exitCode, messages } = await fixture.run(['restore', `${fixture.clone}@${id}`, `${wanted}-back`]);
      expect([exitCode, messages], id).toEqual([0, []]);
      expect(await compareTrees(wanted, `${wanted}-back`, { sameKind: true }), id).toEqual([]);
      const part = await fixture.run(['restore', `${fixture.clone}@${id}`, `${wanted}-part`, '--path', 'name']);
      expect([part.exitCode, part.signal, part.stderr]).toEqual([0, null, '']);
      const attributes = (root: string): Promise<Buffer> => inBash(root, 'getfattr -d name; lsattr name');
      expect(String(await attributes(`${wanted}-part`))).toBe(String(await attributes(wanted)));
    }
  });

  test('a part, by path and by pattern, into a folder with other files', async () => {
    await using fixture = await CloneFixture.make(`${files}; mkdir -p d/deep; echo x > d/deep/x; echo p > d/p.txt`);
    await fixture.succeed();
    const target = join(fixture.folder.path, 'target');
    const restore = async (...options: string[]): Promise<void> => {
      const { exitCode, messages } = await fixture.run(['restore', fixture.clone, target, ...options]);
      expect([exitCode, messages]).toEqual([0, []]);
    };
    const inTarget = async (script: string): Promise<string> => String(await inBash(target, script));
    await restore('--path', 'd/deep');
    expect(await inTarget('find . -type f')).toBe('./d/deep/x\n');
    await restore('--include', '*.txt');
    expect(await inTarget('find . -type f | sort')).toBe('./d/deep/x\n./d/p.txt\n');
    await inTarget('echo mine > d/f1; echo other > other; ln -s /etc d/f9');
    await restore('--overwrite', 'never');
    expect(await inTarget('cat d/f1 other; ls d')).toBe('mine\nother\ndeep\nf1\nf2\nf3\nf4\nf5\nf6\nf9\np.txt\n');
    await restore('--delete');
    expect(await compareTrees(fixture.source, target, { sameKind: true })).toEqual([]);
  });
});
