import { digestBytes, formatDigest } from '../../verification/digest.ts';
import { expectAnswer, type Job, runBatch, runWell, storeJob } from '../batch-run.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectBytes, expectEqual, expectTrue } from '../expectations.ts';
import { LocalTree } from '../local-tree.ts';
import { patternBytes } from '../pattern.ts';

const displaces = { of: 'StoreOperation', says: 'What `key` held is linked or moved to `displaceTo` first where that is given.' };
const compares = { of: 'CompareOperation', says: "Compares the bytes (or the link's target) at `key` with those of `local`." };
const removes = { of: 'RemoveOperation', says: 'Removes what is at `key`; a directory only when it is empty.' };
const rights = {
  of: 'MetadataOperation',
  says: 'Puts mode, owner, times, xattrs and flags right from `local`, without touching the bytes.',
};
const shares = {
  of: 'DestinationCapabilities.cloneFrom',
  says: 'Shares the blocks of a local file (FICLONE, clonefile). Resolves with false where the two cannot share.',
};
const needs: readonly Need[] = ['batch'];
const MTIME_NS = 1_600_000_000_123_456_000n;

async function displace(context: CheckContext): Promise<void> {
  const tree = await LocalTree.plant(context, { 'file': 'new', 'fresh': 'new', 'other': 'new' });
  await context.put('file', 'old');
  await context.put('folder/x', 'old');
  const results = await runWell(context, [
    storeJob(context, tree, 'file', { displaceTo: 'kept/deep/file' }),
    storeJob(context, tree, 'fresh', { displaceTo: 'kept/fresh' }),
    storeJob(context, tree, 'other', { to: 'folder', displaceTo: 'kept/folder' }),
  ]);
  expectEqual(
    results.map(({ displaced }) => displaced === true),
    [true, false, true],
    'what was said to be displaced',
  );
  expectEqual((await context.get('kept/deep/file')).toString(), 'old', 'what was replaced');
  expectEqual((await context.get('kept/folder/x')).toString(), 'old', 'what was in a directory that a file replaced');
  expectEqual(await context.names(), ['file', 'folder', 'fresh', 'kept/deep/file', 'kept/folder/x'], 'what is listed');
  for (const name of ['file', 'folder', 'fresh']) expectEqual((await context.get(name)).toString(), 'new', `"${name}"`);
}

async function rearrange(context: CheckContext): Promise<void> {
  const tree = await LocalTree.plant(context, { a: 'shared' });
  for (const name of ['x', 'y', 'z', 'full/f']) await context.put(name, name);
  await context.destination.capabilities.directories?.create(context.key('empty'), {});
  await runWell(context, [storeJob(context, tree, 'a')]);
  const key = (name: string) => context.key(name);
  await runWell(context, [
    { op: 'link', key: key('d/b'), existing: key('a') },
    { op: 'link', key: key('z'), existing: key('a'), displaceTo: key('old/z') },
    { op: 'move', key: key('x'), to: key('e/x') },
    { op: 'remove', key: key('empty') },
    { op: 'remove', key: key('y') },
  ]);
  await runWell(context, [{ op: 'move', key: key('d/b'), to: key('e/x'), displaceTo: key('old/x') }]);
  const again = { op: 'link', key: key('z'), existing: key('a') } as const;
  await runWell(context, [again, { ...again, displaceTo: key('never') }]);
  const [removal] = await runBatch(context, [{ op: 'remove', key: key('full') }]);
  expectTrue(removal?.error !== undefined, 'removing a directory that is not empty has to fail');
  const texts = { 'a': 'shared', 'e/x': 'shared', 'full/f': 'full/f', 'old/x': 'x', 'old/z': 'z', 'z': 'shared' };
  expectEqual(await context.names(), Object.keys(texts), 'what is listed');
  for (const [name, text] of Object.entries(texts)) expectEqual((await context.get(name)).toString(), text, `"${name}"`);
}

async function lookAgain(context: CheckContext): Promise<void> {
  const tree = await LocalTree.plant(context, { a: patternBytes(1, 0n, 100_000), link: { kind: 'symlink', target: 'here' } });
  await runWell(context, [storeJob(context, tree, 'a'), storeJob(context, tree, 'link')]);
  const other = await LocalTree.plant(context, { a: patternBytes(2, 0n, 100_000), link: { kind: 'symlink', target: 'there' } });
  const compare = (from: LocalTree, name: string): Job => ({
    op: 'compare',
    what: 'content',
    key: context.key(name),
    entry: from.entry(name),
    local: from.file(name),
  });
  const results = await runWell(context, [
    compare(tree, 'a'),
    compare(other, 'a'),
    compare(tree, 'link'),
    compare(other, 'link'),
    { op: 'inspect', key: context.key('a'), digest: 'blake3' },
    { op: 'inspect', key: context.key('link') },
  ]);
  expectEqual(
    results.slice(0, 4).map(({ equal }) => equal),
    [true, false, true, false],
    'whether the same and other content were found equal',
  );
  const { digest } = results[4] ?? {};
  expectEqual(
    digest && formatDigest(digest),
    formatDigest(digestBytes('blake3', patternBytes(1, 0n, 100_000))),
    'the digest of an inspected object',
  );
  const [missing] = await runBatch(context, [{ op: 'inspect', key: context.key('none') }]);
  expectEqual(missing?.error?.code, 'not-found', 'the code for inspecting what is missing');
}

async function putMetadataRight(context: CheckContext): Promise<void> {
  const tree = await LocalTree.plant(context, {
    'a': { kind: 'file', content: 'x', mode: 0o640, mtimeNs: MTIME_NS },
    'd/f': 'x',
    'd': { kind: 'directory', mode: 0o750, mtimeNs: MTIME_NS },
  });
  await context.put('a', 'y');
  await context.put('d/f', 'y');
  const results = await runWell(
    context,
    ['a', 'd'].map(
      (name) => ({ op: 'metadata', key: context.key(name), entry: tree.entry(name), local: tree.file(name) }) as const,
    ),
  );
  for (const [index, name] of ['a', 'd'].entries()) expectAnswer(context, tree.entry(name), results[index]);
  expectEqual((await context.get('a')).toString(), 'y', 'the bytes of a file whose metadata was put right');
}

async function cloneFrom(context: CheckContext): Promise<void> {
  const clone = context.capability('cloneFrom');
  const tree = await LocalTree.plant(context, { a: patternBytes(1, 0n, 200_000) });
  const shared = await clone(tree.file('a'), context.key('d/a'), {});
  await tree.add({ a: patternBytes(2, 0n, 200_000) });
  if (!shared) expectEqual(await context.names(), [], 'what is listed where blocks could not be shared');
  else expectBytes(await context.get('d/a'), patternBytes(1, 0n, 200_000), 'a clone, after its original was changed');
}

export const arrangeChecks: readonly ConformanceCheck[] = [
  {
    id: 'batch.displace',
    title: 'puts what it replaces where it is told',
    promise: displaces,
    needs: ['batch', 'directories'],
    run: displace,
  },
  {
    id: 'batch.rearrange',
    title: 'links, moves and removes',
    promise: removes,
    needs: ['batch', 'directories', 'links'],
    run: rearrange,
  },
  { id: 'batch.compare', title: 'compares and inspects', promise: compares, needs, run: lookAgain },
  {
    id: 'batch.metadata',
    title: 'puts metadata right without touching bytes',
    promise: rights,
    needs: ['batch', 'directories'],
    run: putMetadataRight,
  },
  {
    id: 'clone-from.shares',
    title: 'shares the blocks of a local file, or does nothing',
    promise: shares,
    needs: ['cloneFrom'],
    run: cloneFrom,
  },
];
