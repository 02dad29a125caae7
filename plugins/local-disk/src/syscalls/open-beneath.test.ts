import { faultBoard } from './enable-fault-hooks.ts';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtempDisposable, readlink, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toCString } from './c-string.ts';
import { mkdirat } from './create.ts';
import { check } from './errno.ts';
import { O_DIRECTORY } from './open-flags.ts';
import { closeFd, openPath } from './open.ts';
import { statFd } from './stat.ts';
import { StatxRecord } from './statx-record.ts';

/** A fresh module, because it remembers whether the kernel has openat2. */
async function loadModule(hasOpenat2: boolean): Promise<typeof import('./open-beneath.ts')> {
  vi.resetModules();
  faultBoard.setPlan(hasOpenat2 ? [] : [{ call: 'openat2', repeat: true, action: { errno: 'ENOSYS' } }]);
  return import('./open-beneath.ts');
}

function inodeOf(fd: number): bigint {
  const record = new StatxRecord();
  statFd(fd, record);
  return record.ino;
}

afterEach(() => faultBoard.setPlan([]));

describe.each([
  ['with openat2', true],
  ['without openat2', false],
])('openDirectoryBeneath %s', (_, hasOpenat2) => {
  it('opens the root, a child and a deep directory', async () => {
    const { openDirectoryBeneath } = await loadModule(hasOpenat2);
    await using dir = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
    await mkdir(join(dir.path, 'a/b/c'), { recursive: true });
    const root = openPath(dir.path, O_DIRECTORY);
    for (const path of ['', 'a', 'a/b/c']) {
      const fd = openDirectoryBeneath(root, Buffer.from(path));
      expect(await readlink(`/proc/self/fd/${fd}`)).toBe(join(dir.path, path));
      closeFd(fd);
    }
    closeFd(root);
    expect(faultBoard.counts().byCall.openat2).toBe(hasOpenat2 ? 4 : 1);
  });

  it('refuses links, ways out and names with a zero byte', async () => {
    const { openDirectoryBeneath } = await loadModule(hasOpenat2);
    await using dir = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
    await mkdir(join(dir.path, 'root/real/inner'), { recursive: true });
    await symlink('/etc', join(dir.path, 'root/absolute'));
    await symlink('../..', join(dir.path, 'root/real/up'));
    await symlink('real', join(dir.path, 'root/inside'));
    const root = openPath(join(dir.path, 'root'), O_DIRECTORY);
    const failure = (path: string): unknown => {
      try {
        return openDirectoryBeneath(root, Buffer.from(path));
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    for (const path of ['absolute', 'absolute/ssl', 'inside/inner', 'real/up'])
      expect(failure(path)).toMatch(/^(ELOOP|ENOTDIR)$/);
    for (const path of ['..', 'real/../../root', '/etc']) expect(failure(path)).toBe('EXDEV');
    expect(failure('real\0/inner')).toBe('EINVAL');
    expect(failure('missing')).toBe('ENOENT');
    expect(failure('x'.repeat(5000))).toBe('ENAMETOOLONG');
    closeFd(root);
  });

  it('reaches directories whose path is longer than PATH_MAX, and finds links in them', async () => {
    const { openDirectoryBeneath } = await loadModule(hasOpenat2);
    await using dir = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
    const root = openPath(dir.path, O_DIRECTORY);
    const segment = 'd'.repeat(250);
    let path = '';
    for (let depth = 0; depth < 40; depth++) {
      const parent = openDirectoryBeneath(root, Buffer.from(path));
      check(mkdirat(parent, toCString(segment), 0o755), 'mkdirat');
      path = path === '' ? segment : `${path}/${segment}`;
      closeFd(parent);
    }
    expect(path.length).toBe(40 * 251 - 1);
    const deep = openDirectoryBeneath(root, Buffer.from(path));
    const above = openDirectoryBeneath(root, Buffer.from(path.slice(0, -251)));
    execFileSync('ln', ['-s', '/etc', `/proc/self/fd/3/link`], { stdio: ['ignore', 'ignore', 'inherit', deep] });
    expect(inodeOf(deep)).not.toBe(inodeOf(above));
    expect(() => openDirectoryBeneath(root, Buffer.from(`${path}/link`))).toThrow(/ELOOP|ENOTDIR/);
    expect(() => openDirectoryBeneath(root, Buffer.from(`${path}/missing`))).toThrow(/ENOENT/);
    for (const fd of [deep, above, root]) closeFd(fd);
    execFileSync('rm', ['-rf', join(dir.path, segment)]);
  });

  it('leaks no descriptor, whether it opens or refuses', async () => {
    const { openDirectoryBeneath } = await loadModule(hasOpenat2);
    await using dir = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
    await mkdir(join(dir.path, 'a/b'), { recursive: true });
    const root = openPath(dir.path, O_DIRECTORY);
    closeFd(openDirectoryBeneath(root, Buffer.from('a/b')));
    const [before, after] = [0, 1].map(() => {
      const probe = openPath('/', O_DIRECTORY);
      closeFd(probe);
      for (const path of ['a/b', 'a/b/c', 'a/x', '../a']) {
        try {
          closeFd(openDirectoryBeneath(root, Buffer.from(path)));
        } catch {
          // Refused, as the tests above say.
        }
      }
      return probe;
    });
    expect(after).toBe(before);
    closeFd(root);
  });
});

it('stops at a mount point when asked to stay on one file system', async () => {
  const { openDirectoryBeneath } = await loadModule(true);
  const root = openPath('/', O_DIRECTORY);
  expect(() => openDirectoryBeneath(root, Buffer.from('proc/self'), { oneFileSystem: true })).toThrow(
    expect.objectContaining({ code: 'EXDEV' }),
  );
  closeFd(openDirectoryBeneath(root, Buffer.from('proc/sys'), {}));
  closeFd(openDirectoryBeneath(root, Buffer.from('usr/bin'), { oneFileSystem: true, handleOnly: true }));
  closeFd(root);
});
