import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withLoopFilesystem } from '../../../../test/fixtures/loop-filesystem.ts';
import { BatchFixture } from './testing/batch-fixture.ts';

const MIB = 2 ** 20;
const isRoot = process.getuid?.() === 0;

/** What a script of the shell prints; `$0` is the path. */
const run = (script: string, path: string): string => execFileSync('sh', ['-c', script, path], { encoding: 'utf8' }).trimEnd();

function b3sum(path: string): string {
  return run('b3sum --no-names "$0"', path);
}
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** Physical block ranges of a file, as filefrag(8) tells them. */
function extents(path: string): string[] {
  const lines = run('filefrag -s -v "$0"', path).split('\n');
  return lines.filter((line) => /^ +\d+:/.test(line)).map((line) => line.replace(/^ +\d+: *([\d. ]+): *([\d. ]+):.*/, '$1 $2'));
}

async function onDisk(kind: 'ext4' | 'xfs' | 'btrfs', use: (disk: BatchFixture, mount: string) => Promise<void>): Promise<void> {
  await withLoopFilesystem(kind, 400, async (mount) => {
    await using disk = new BatchFixture(mount);
    await use(disk, mount);
  });
}

describe.skipIf(!isRoot)('files on one file system that can share blocks', () => {
  test.each(['xfs', 'btrfs'] as const)('are shared on %s, and nothing is written', async (kind) => {
    await onDisk(kind, async (disk, mount) => {
      writeFileSync(join(disk.from, 'big'), randomBytes(30 * MIB));
      run('sync -f "$0"', mount);
      const free = statfsSync(mount).bfree;
      const [result] = await disk.run([await disk.store('big')]);
      expect(result).toMatchObject({ method: 'reflink', bytesWritten: 0n });
      run('sync -f "$0"', mount);
      expect((free - statfsSync(mount).bfree) * statfsSync(mount).bsize).toBeLessThan(2 * MIB);
      expect(extents(join(disk.to, 'big'))).toEqual(extents(join(disk.from, 'big')));
      expect(b3sum(join(disk.to, 'big'))).toBe(b3sum(join(disk.from, 'big')));
    });
  });
});

describe.skipIf(!isRoot)('a changed large file from elsewhere', () => {
  test.each(['xfs', 'btrfs'] as const)(
    'has only what differs written on %s, and the old version keeps its bytes',
    async (kind) => {
      await withLoopFilesystem(kind, 400, async (mount) => {
        await using disk = new BatchFixture();
        await using there = new BatchFixture(mount);
        const path = join(disk.from, 'big');
        writeFileSync(path, randomBytes(40 * MIB));
        const store = async (displaceTo?: string) => [
          { ...(await disk.store('big', displaceTo === undefined ? {} : { displaceTo })) },
        ];
        const [first] = await there.run(await store());
        expect(first).toMatchObject({ method: 'read-write', bytesWritten: BigInt(40 * MIB) });
        const old = b3sum(path);
        // One byte in the middle, and a longer end.
        const bytes = readFileSync(path);
        bytes[17 * MIB + 5]! ^= 1;
        writeFileSync(path, bytes);
        appendFileSync(path, randomBytes(1000));
        const [second] = await there.run(await store('keep/big'));
        expect(second).toMatchObject({ method: 'patched', bytesWritten: BigInt(MIB / 4 + 1000), displaced: true });
        expect(hex(second?.digest?.value)).toBe(b3sum(path));
        expect([b3sum(join(there.to, 'big')), b3sum(join(there.to, 'keep/big'))]).toEqual([b3sum(path), old]);
        // Holes and a shorter end.
        run('fallocate -p -o 3M -l 2M "$0"', path);
        truncateSync(path, 30 * MIB);
        const [third] = await there.run(await store());
        expect(third).toMatchObject({ method: 'patched', bytesWritten: 0n });
        expect(hex(third?.digest?.value)).toBe(b3sum(path));
        expect(b3sum(join(there.to, 'big'))).toBe(b3sum(path));
        expect(statSync(join(there.to, 'big')).blocks).toBeLessThanOrEqual(statSync(path).blocks + 16);
      });
    },
  );
});

describe('digests', () => {
  test('agree with b3sum for files of all sizes, sparse ones too', async () => {
    await using disk = new BatchFixture();
    const sizes = [0, 1, 1023, 1024, 4096, 65_537, 131_072, 131_073, MIB - 1, MIB, MIB + 1, 9 * MIB + 7];
    for (const size of sizes) writeFileSync(join(disk.from, String(size)), randomBytes(size));
    execFileSync(
      'sh',
      ['-c', 'truncate -s 50M hole; truncate -s 20M ends; echo x | dd of=ends bs=1 seek=7000000 conv=notrunc 2>/dev/null'],
      { cwd: disk.from },
    );
    const names = [...sizes.map(String), 'hole', 'ends'];
    const results = await disk.run(await Promise.all(names.map((name) => disk.store(name))));
    for (const [index, name] of names.entries()) {
      expect(hex(results[index]?.digest?.value), name).toBe(b3sum(join(disk.from, name)));
      expect(b3sum(join(disk.to, name)), name).toBe(b3sum(join(disk.from, name)));
      expect(statSync(join(disk.to, name)).blocks, name).toBe(statSync(join(disk.from, name)).blocks);
    }
  });

  test('are left out for files whose holes are too large to hash, which are copied at once all the same', async () => {
    await using disk = new BatchFixture();
    run('truncate -s 1T "$0"', join(disk.from, 'vast'));
    const [result] = await disk.run([await disk.store('vast')]);
    expect(result).toMatchObject({ method: 'read-write', bytesWritten: 0n });
    expect(result?.digest).toBeUndefined();
    expect(statSync(join(disk.to, 'vast'))).toMatchObject({ size: 2 ** 40, blocks: 0 });
  });

  test('other algorithms, and none: then the kernel copies', async () => {
    await using disk = new BatchFixture();
    writeFileSync(join(disk.from, 'file'), randomBytes(MIB));
    const [sha] = await disk.run([await disk.store('file')], { digest: 'sha256' });
    const expected = run('sha256sum "$0"', join(disk.from, 'file')).slice(0, 64);
    expect(hex(sha?.digest?.value)).toBe(expected);
    const { digest: _none, ...options } = { digest: undefined };
    const [copied] = await disk.run([{ ...(await disk.store('file')), key: 'other' as never }], {
      ...options,
      digest: undefined as never,
    });
    expect(copied?.method).toBe('in-kernel');
    expect(copied?.digest).toBeUndefined();
  });
});
