import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { systemClock } from '../../../environment/clock.ts';
import { contentOf } from '../../../testing/byte-content.ts';
import { MemoryDestination } from '../../../testing/memory-destination.ts';
import { readTree } from '../format/tree/read-tree.ts';
import { initRepository } from './init-repository.ts';
import { addKey, changePassword, listKeys, removeKey } from './keys/manage-keys.ts';
import { objectKey } from './object-kind.ts';
import { openRepository } from './open-repository.ts';
import type { Repository } from './repository.ts';
import { hasRestic, loadFolder, restic, saveFolder } from './testing/restic.ts';

vi.setConfig({ testTimeout: 60_000 });

const identity = { hostname: 'here', username: 'ann', pid: process.pid, uid: 1000, gid: 1000 };
const optionsWith = (password: string) => ({ clock: systemClock, identity, password: async () => password });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-repository-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A repository of restic with two snapshots of a folder that has a file of several packs' size. */
async function makeWithRestic(version: string): Promise<MemoryDestination> {
  const source = join(folder, 'source');
  mkdirSync(join(source, 'deep'), { recursive: true });
  writeFileSync(join(source, 'random'), randomBytes(20 << 20));
  writeFileSync(join(source, 'deep/text'), 'the same line\n'.repeat(50_000));
  const at = join(folder, 'restic');
  expect(restic(at, 'secret', ['init', '--repository-version', version]).status).toBe(0);
  expect(restic(at, 'secret', ['backup', source, '--tag', 'one']).status).toBe(0);
  writeFileSync(join(source, 'more'), 'more');
  expect(restic(at, 'secret', ['backup', source, '--tag', 'two', '--host', 'other']).status).toBe(0);
  return loadFolder(at);
}

async function damage(destination: MemoryDestination, key: RelPath, at = -1): Promise<void> {
  const bytes = Buffer.concat(await Array.fromAsync(destination.read(key, {})));
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] as number) ^ 1;
  await destination.write(key, contentOf(bytes), {});
}

async function idsOf(repository: Repository, kind: 'index' | 'snapshot' | 'pack' | 'key'): Promise<string[]> {
  return (await Array.fromAsync(repository.objects.list(kind))).map(({ id }) => id);
}

describe.runIf(hasRestic)('with the real restic', () => {
  test.each(['1', '2'])('reads every blob of a repository of version %s', async (version) => {
    const destination = await makeWithRestic(version);
    await using repository = await openRepository(destination, optionsWith('secret'));
    expect(repository.config.version).toBe(Number(version));
    const snapshots = await repository.loadSnapshots();
    expect(snapshots.map(({ file }) => [file.hostname === 'other', file.tags])).toEqual([
      [false, ['one']],
      [true, ['two']],
    ]);
    await repository.loadIndex();
    const requests = [...repository.index.packs()].flatMap(({ blobs }) => blobs);
    const answers = await Array.fromAsync(repository.readBlobs(requests));
    expect(answers.length).toBe(requests.length);
    expect(answers.filter(({ error }) => error !== undefined)).toEqual([]);
    const root = await repository.loadBlob('tree', (snapshots[1] as (typeof snapshots)[0]).file.tree);
    expect([...readTree(root)].length).toBe(1);
    expect((await repository.findSnapshot('latest')).id).toBe(snapshots[1]?.id);
    expect((await repository.findSnapshot('latest~1')).id).toBe(snapshots[0]?.id);
    expect((await repository.findSnapshot(snapshots[0]?.id.slice(0, 8) ?? '')).id).toBe(snapshots[0]?.id);
    const filter = ({ file }: (typeof snapshots)[0]): boolean => file.hostname !== 'other';
    expect((await repository.findSnapshot('latest', { filter })).id).toBe(snapshots[0]?.id);
    await expect(repository.findSnapshot('latest~2')).rejects.toMatchObject({ code: 'snapshot-missing' });
  });

  test.each([1, 2] as const)('restic uses what is made in version %s, and each uses the keys of the other', async (version) => {
    const destination = new MemoryDestination();
    await using made = await initRepository(destination, { ...optionsWith('first'), version });
    await addKey(made, 'second');
    const at = join(folder, 'ours');
    await saveFolder(destination, at);
    expect(restic(at, 'second', ['check', '--read-data'])).toMatchObject({ status: 0 });
    writeFileSync(join(folder, 'file'), 'content');
    expect(restic(at, 'first', ['backup', join(folder, 'file')])).toMatchObject({ status: 0 });
    writeFileSync(join(folder, 'password'), 'third');
    const keyFile = ['key', 'add', '--new-password-file', join(folder, 'password')];
    expect(restic(at, 'first', keyFile)).toMatchObject({ status: 0 });
    await using opened = await openRepository(await loadFolder(at), optionsWith('third'));
    expect(opened.config).toEqual(made.config);
    expect((await opened.loadSnapshots()).length).toBe(1);
    expect((await listKeys(opened)).length).toBe(3);
  });
});

describe('keys', () => {
  test('one in use stays, another goes, and a password is exchanged', async () => {
    const destination = new MemoryDestination();
    await using repository = await initRepository(destination, optionsWith('one'));
    const second = await addKey(repository, 'two');
    await expect(removeKey(repository, repository.keyId)).rejects.toMatchObject({ code: 'usage' });
    await expect(removeKey(repository, '')).rejects.toMatchObject({ code: 'usage' });
    await changePassword(repository, 'three');
    await expect(openRepository(destination, optionsWith('one'))).rejects.toMatchObject({ code: 'password-wrong' });
    await using third = await openRepository(destination, optionsWith('three'));
    expect((await listKeys(third)).filter(({ current }) => current).map(({ username }) => username)).toEqual(['ann']);
    expect(await removeKey(third, second.slice(0, 10))).toBe(second);
    expect((await idsOf(third, 'key')).length).toBe(1);
  });

  test('a damaged one keeps nobody from the others', async () => {
    const destination = new MemoryDestination();
    await using repository = await initRepository(destination, optionsWith('one'));
    const second = await addKey(repository, 'two');
    await damage(destination, objectKey('key', second), 10);
    await using again = await openRepository(destination, optionsWith('one'));
    expect((await listKeys(again)).find(({ id }) => id === second)?.error).toMatchObject({ code: 'state-damaged' });
    await expect(openRepository(destination, optionsWith('two'))).rejects.toMatchObject({ code: 'password-wrong' });
  });
});

describe('making one', () => {
  test('is refused where one is, or the rest of one', async () => {
    const destination = new MemoryDestination();
    await (await initRepository(destination, optionsWith('one')))[Symbol.asyncDispose]();
    await expect(initRepository(destination, optionsWith('two'))).rejects.toMatchObject({ code: 'repository-exists' });
    await destination.remove('config' as RelPath, {});
    await expect(initRepository(destination, optionsWith('two'))).rejects.toMatchObject({ code: 'repository-exists' });
    await expect(openRepository(destination, optionsWith('one'))).rejects.toMatchObject({ code: 'not-a-repository' });
  });
});

describe.runIf(hasRestic)('damage', () => {
  test('of an object of each kind is named, and the rest is read', async () => {
    const destination = await makeWithRestic('2');
    await using repository = await openRepository(destination, optionsWith('secret'));
    const [snapshot] = await idsOf(repository, 'snapshot');
    await damage(destination, objectKey('snapshot', snapshot as string));
    const named: string[] = [];
    expect((await repository.loadSnapshots({ onDamaged: (id) => named.push(id) })).length).toBe(1);
    expect(named).toEqual([snapshot]);
    await expect(repository.loadSnapshots()).rejects.toMatchObject({ code: 'state-damaged' });
    await repository.loadIndex();
    const [pack] = [...repository.index.packs()].filter(({ blobs }) => blobs[0]?.type === 'data' && blobs.length > 1);
    const hurt = pack?.blobs[1];
    await damage(destination, objectKey('pack', Buffer.from(pack?.id ?? []).toString('hex')), (hurt?.offset ?? 0) + 40);
    const answers = await Array.fromAsync(repository.readBlobs([...repository.index.packs()].flatMap(({ blobs }) => blobs)));
    const failed = answers.filter(({ error }) => error !== undefined);
    expect(failed.map(({ request }) => request.id)).toEqual([hurt?.id]);
    expect(failed[0]?.error?.message).toContain(Buffer.from(pack?.id ?? []).toString('hex'));
    const [index] = await idsOf(repository, 'index');
    await destination.write(objectKey('index', index as string), contentOf('short'), {});
    await using again = await openRepository(destination, optionsWith('secret'));
    await expect(again.loadIndex()).rejects.toThrow(index?.slice(0, 12));
    await damage(destination, 'config' as RelPath);
    await expect(openRepository(destination, optionsWith('secret'))).rejects.toMatchObject({ code: 'state-damaged' });
  });
});
