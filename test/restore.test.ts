import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CloneFixture } from './fixtures/clone-fixture.ts';
import { compareTrees } from './fixtures/compare-trees.ts';
import { inBash } from './fixtures/in-bash.ts';

const files = 'mkdir d; for i in 1 2 3 4 5 6; do echo "content $i" > d/f$i; done; head -c 2M /dev/urandom > big';

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
      const copy = join(fixture.folder.path, `version-${index}`);
      await inBash(fixture.folder.path, 'cp -a source "$copy"', { copy });
      versions.push([summary.snapshotId ?? '', copy]);
    }
    for (const [id, copy] of versions) {
      const back = `${copy}-back`;
      const { exitCode, messages } = await fixture.run(['restore', `${fixture.clone}@${id}`, back]);
      expect([exitCode, messages], id).toEqual([0, []]);
      expect(await compareTrees(copy, back, { sameKind: true }), id).toEqual([]);
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
