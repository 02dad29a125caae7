import { digestBytes, formatDigest } from '../../verification/digest.ts';
import { expectAnswer, type Job, runBatch, runWell, storeJob } from '../batch-run.ts';
import { type CheckContext, sortNames } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectAborted, expectBytes, expectEqual, expectTrue, expectWithin } from '../expectations.ts';
import { LocalTree } from '../local-tree.ts';
import { patternBytes } from '../pattern.ts';

const answers = {
  of: 'BatchCapability.run',
  says: 'Carries out many small operations at once; answers in any order, each operation once. An operation that fails does not end the others.',
};
const stores = {
  of: 'StoreOperation',
  says: 'Makes `key` what `entry` is, from `local` on this machine: bytes and all metadata',
};
const proves = {
  of: 'LocalFile',
  says: 'named so that a worker thread can open it and prove that it is the one that was scanned',
};
const reason = { of: 'CallOptions.signal', says: "Aborting makes the call reject with the signal's reason as soon as it can" };
const needs: readonly Need[] = ['batch'];
const MTIME_NS = 1_600_000_000_123_456_000n;

async function storeMany(context: CheckContext): Promise<void> {
  const names = Array.from({ length: 400 }, (_, index) => `d${index % 9}/f${index}`);
  const size = (index: number): number => (index % 40 === 0 ? 300_000 : (index * 37) % 9000);
  const tree = await LocalTree.plant(
    context,
    Object.fromEntries(names.map((name, index) => [name, patternBytes(index, 0n, size(index))])),
  );
  const results = await runWell(
    context,
    names.map((name) => storeJob(context, tree, name)),
    { digest: 'blake3' },
  );
  for (const [index, { digest, stat }] of results.entries()) {
    const bytes = patternBytes(index, 0n, size(index));
    expectEqual(digest && formatDigest(digest), formatDigest(digestBytes('blake3', bytes)), `the digest of "${names[index]}"`);
    expectBytes(await context.get(names[index] ?? ''), bytes, `"${names[index]}", stored by a batch`);
    expectTrue(stat !== undefined, `storing "${names[index]}" does not answer what is there now`);
  }
  expectEqual(await context.names(), sortNames(names), 'what is listed');
}

async function keepKinds(context: CheckContext): Promise<void> {
  const tree = await LocalTree.plant(context, {
    'file': { kind: 'file', content: 'x', mode: 0o4750, mtimeNs: MTIME_NS },
    'directory/inner': 'y',
    'link': { kind: 'symlink', target: '../no where' },
    'new/deep/file': 'z',
    'empty': '',
  });
  const names = ['file', 'directory', 'link', 'new/deep/file', 'empty'];
  const results = await runWell(
    context,
    names.map((name) => storeJob(context, tree, name)),
  );
  for (const [index, name] of names.entries()) {
    const wanted = tree.entry(name);
    expectEqual((await context.stat(name))?.kind, wanted.kind, `kind of "${name}"`);
    // Directories get their metadata when all that is in them is there.
    if (wanted.kind !== 'directory') expectAnswer(context, wanted, results[index]);
  }
}

async function goOn(context: CheckContext): Promise<void> {
  const good = Array.from({ length: 100 }, (_, index) => `good${index}`);
  const tree = await LocalTree.plant(context, Object.fromEntries([...good, 'bad'].map((name) => [name, name])));
  await context.put('directory/x', 'x');
  const jobs = good.map((name) => storeJob(context, tree, name));
  const bad = storeJob(context, tree, 'bad');
  const vanished = { ...bad, key: context.key('vanished'), local: { ...tree.file('bad'), path: context.key('none') } } as Job;
  const exchanged = { ...bad, key: context.key('exchanged'), local: { ...tree.file('bad'), ino: 1n } } as Job;
  const inTheWay = { ...bad, key: context.key('directory') } as Job;
  const unknown: Job = { op: 'move', key: context.key('no such'), to: context.key('moved') };
  jobs.splice(10, 0, vanished);
  jobs.splice(50, 0, exchanged, inTheWay);
  jobs.push(unknown);
  const results = await runBatch(context, jobs);
  const failed = results.filter(({ error }) => error !== undefined).map(({ id }) => jobs[id]);
  expectEqual(failed.length, 4, 'how many operations failed');
  for (const job of [vanished, exchanged, inTheWay, unknown])
    expectTrue(failed.includes(job), `${job.op} "${job.key}" should have failed`);
  expectEqual(
    results[jobs.indexOf(exchanged)]?.error?.code,
    'source-changed',
    'the code for a file that is not the one that was scanned',
  );
  expectEqual(results[jobs.indexOf(unknown)]?.error?.code, 'not-found', 'the code for moving what is missing');
  expectEqual(await context.names(), sortNames([...good, 'directory/x']), 'what is listed');
}

async function abort(context: CheckContext): Promise<void> {
  const names = Array.from({ length: 600 }, (_, index) => `f${index}`);
  const tree = await LocalTree.plant(
    context,
    Object.fromEntries(names.map((name, index) => [name, patternBytes(index, 0n, 20_000)])),
  );
  const controller = new AbortController();
  const why = new Error('aborted by the check');
  const jobs = names.map((name) => storeJob(context, tree, name));
  const abortLater = (given: number): void => {
    if (given >= 200) controller.abort(why);
  };
  const batch = runBatch(context, jobs, { signal: controller.signal }, abortLater);
  await expectWithin(10_000, expectAborted(batch, why, 'an aborted batch'), 'an aborted batch');
  for (const name of await context.names()) {
    const expected = patternBytes(Number(name.slice(1)), 0n, 20_000);
    expectBytes(await context.get(name), expected, `"${name}" after its batch was aborted`);
  }
}

async function stayBelowRoot(context: CheckContext): Promise<void> {
  const tree = await LocalTree.plant(context, { f: 'x' });
  await context.put('real/f', 'precious');
  await context.destination.capabilities.links?.symlink(context.key('way'), 'real', {});
  const [result] = await runBatch(context, [storeJob(context, tree, 'f', { to: 'way/f' })]);
  expectTrue(result?.error !== undefined, 'storing below a symbolic link has to fail');
  expectEqual((await context.get('real/f')).toString(), 'precious', 'what a link leads to');
}

export const batchChecks: readonly ConformanceCheck[] = [
  {
    id: 'batch.store',
    title: 'stores many files, answers each once, with right digests',
    promise: answers,
    needs,
    run: storeMany,
  },
  { id: 'batch.kinds', title: 'stores files, directories and links with their metadata', promise: stores, needs, run: keepKinds },
  {
    id: 'batch.failures',
    title: 'goes on after operations that fail',
    promise: proves,
    needs: ['batch', 'directories'],
    run: goOn,
  },
  { id: 'batch.abort', title: 'can be aborted and leaves whole objects only', promise: reason, needs, run: abort },
  {
    id: 'batch.links',
    title: 'never stores through a symbolic link',
    promise: stores,
    needs: ['batch', 'links', 'directories'],
    run: stayBelowRoot,
  },
];
