import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CloneFixture } from './fixtures/clone-fixture.ts';
import { FOLDING_KINDS } from './fixtures/folding-filesystem.ts';
import { inBash } from './fixtures/in-bash.ts';

describe('a destination that ignores case', { timeout: 60_000 }, () => {
  test.each(FOLDING_KINDS)('is not given two names that it takes for one: $name', async (kind) => {
    await using fixture = await CloneFixture.make('mkdir d; echo x > d/Case; echo x > d/other');
    await using disk = await kind.mount(fixture.folder.path);
    fixture.clone = join(disk.directory, 'clone');
    /** Its names, and what stands in them: no such file system keeps everything else. */
    const succeed = async (...options: string[]): Promise<void> => {
      expect((await fixture.try(...options)).exitCode).toBe(0);
      expect(await fixture.atClone(`cd d; grep -r '' . | sort`)).toBe(
        String(await inBash(join(fixture.source, 'd'), `grep -r '' . --exclude='caf*' | sort`)),
      );
    };
    const refuse = async (): Promise<string> => {
      const before = await fixture.atClone(`ls -A d; cat d/*`);
      const { exitCode, events } = await fixture.try();
      const { code, message = '' } = events.findLast(({ type }) => type === 'error') ?? {};
      expect({ exitCode, code }, message).toEqual({ exitCode: 7, code: 'name-collision' });
      expect(await fixture.atClone(`ls -A d; cat d/*`)).toBe(before);
      return message;
    };
    await succeed();
    await fixture.change('mv d/Case d/case');
    await succeed();
    await fixture.change('echo y > d/CASE');
    expect(await refuse()).toMatch(/d\/CASE[^]*d\/case/);
    await fixture.change('rm d/CASE');
    await succeed();
    if (!kind.foldsForms) return;
    await fixture.change('echo e > $(printf "d/caf\\xc3\\xa9"); echo e > $(printf "d/cafe\\xcc\\x81")');
    await refuse();
    await succeed('--exclude=caf*');
  });
});
