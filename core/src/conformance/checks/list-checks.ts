import type { ObjectInfo } from '../../contracts/destination.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { expectEqual, expectTrue, fail } from '../expectations.ts';
import { inParallel } from '../in-parallel.ts';

const every = {
  of: 'Destination.list',
  says: 'Every object below `prefix` once (directories too where there are any), in any order, in bounded memory.',
};
const missing = { of: 'Destination.list', says: 'A missing prefix lists nothing.' };

/** Names below `name` with how often each was listed. */
async function countListed(context: CheckContext, name: string, onPage?: () => Promise<void>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const page of context.destination.list(context.key(name), {})) {
    for (const { key, kind } of page) {
      if (kind !== 'directory') counts.set(context.nameOf(key), (counts.get(context.nameOf(key)) ?? 0) + 1);
    }
    await onPage?.();
  }
  return counts;
}

function expectOnce(counts: ReadonlyMap<string, number>, names: readonly string[], what: string): void {
  for (const name of names) {
    const count = counts.get(name) ?? 0;
    if (count !== 1) fail(`${what}: "${name}" is listed ${count} times`);
  }
}

async function listMany(context: CheckContext): Promise<void> {
  const { manyKeys } = context.limits;
  // Most of them in one folder, so that listings of one folder have several pages too.
  const names = Array.from({ length: manyKeys }, (_, index) => (index % 5 === 0 ? `d${index % 35}/n${index}` : `all/n${index}`));
  await inParallel(names, Math.max(16, context.destination.traits.maxConnections), (name) => context.put(name, name));
  const counts = await countListed(context, '');
  expectOnce(counts, names, `of ${manyKeys} objects`);
  expectEqual(counts.size, names.length, 'listed objects');
  const inAll = names.filter((name) => name.startsWith('all/'));
  expectEqual((await countListed(context, 'all')).size, inAll.length, 'listed objects below one prefix');
}

async function listPrefix(context: CheckContext): Promise<void> {
  const names = ['a/b', 'a/c/d', 'a-b', 'a.b', 'ab', 'abc/d', 'b/a/b', 'bb'];
  for (const name of names) await context.put(name, name);
  expectEqual(await context.names('a'), ['a/b', 'a/c/d'], 'what is listed below "a"');
  expectEqual(await context.names('a/c'), ['a/c/d'], 'what is listed below "a/c"');
  expectEqual(await context.names('b'), ['b/a/b'], 'what is listed below "b"');
  expectEqual(await context.names('ab'), [], 'what is listed below "ab", an object');
  expectEqual((await context.names()).length, names.length, 'listed objects');
}

async function listMissing(context: CheckContext): Promise<void> {
  await context.put('file', 'x');
  for (const name of ['none', 'none/below', 'fil']) {
    expectEqual((await context.infos(name)).size, 0, `how much is listed below "${name}", where nothing is`);
  }
}

async function agreeWithStat(context: CheckContext): Promise<void> {
  for (const [index, name] of ['a', 'b/c', 'b/d e/f', 'g'].entries()) await context.put(name, 'x'.repeat(index * 1000));
  for (const [name, listed] of await context.infos()) {
    const found = await context.stat(name);
    for (const field of ['key', 'kind', 'size', 'mtimeNs', 'version'] satisfies (keyof ObjectInfo)[]) {
      // A listing may know less than stat.
      if (listed[field] !== undefined) expectEqual(listed[field], found?.[field], `${field} of "${name}", listed and by stat`);
    }
  }
}

async function listWhileChanging(context: CheckContext): Promise<void> {
  const stay = Array.from({ length: 300 }, (_, index) => `stay/${index % 10}/n${index}`);
  await inParallel(stay, 16, (name) => context.put(name, 'x'));
  const state = { over: false, index: 0 };
  const change = async (): Promise<void> => {
    while (!state.over) {
      const name = `stay/${state.index % 10}/m${state.index++ % 100}`;
      await context.put(name, 'y');
      if (state.index % 3 === 0) await context.destination.remove(context.key(name), {});
    }
  };
  const changing = Promise.all([change(), change()]);
  try {
    for (let round = 0; round < Math.ceil(context.limits.rounds / 4); round++) {
      const counts = await countListed(context, 'stay', () => new Promise((resolve) => setImmediate(resolve)));
      expectOnce(counts, stay, 'while others come and go');
    }
  } finally {
    state.over = true;
    await changing;
  }
}

/** Who stops at the first page must not wait for the rest, nor leave anything behind. */
async function stopEarly(context: CheckContext): Promise<void> {
  await inParallel(
    Array.from({ length: 50 }, (_, index) => `n${index}`),
    16,
    (name) => context.put(name, 'x'),
  );
  for (let round = 0; round < context.limits.rounds; round++) {
    for await (const page of context.destination.list(context.key(''), {})) {
      expectTrue(page.length > 0, 'a page of a listing is empty');
      break;
    }
  }
  expectEqual((await context.names()).length, 50, 'listed objects after listings that were left early');
}

async function listDirectories(context: CheckContext): Promise<void> {
  await context.destination.capabilities.directories?.create(context.key('empty/er'), {});
  await context.put('full/a', 'x');
  const kinds = [...(await context.infos())].map(([name, { kind }]) => `${name} ${kind}`).sort();
  expectEqual(kinds, ['empty directory', 'empty/er directory', 'full directory', 'full/a file'], 'what is listed');
}

export const listChecks: readonly ConformanceCheck[] = [
  { id: 'list.many', title: 'lists thousands of keys once each', promise: every, run: listMany },
  { id: 'list.prefix', title: 'lists what is below a prefix, not what only begins like it', promise: every, run: listPrefix },
  { id: 'list.missing', title: 'lists nothing below a missing prefix', promise: missing, run: listMissing },
  { id: 'list.facts', title: 'tells the same facts as stat', promise: every, run: agreeWithStat },
  {
    id: 'list.while-changing',
    title: 'lists what stays once each while others come and go',
    promise: every,
    run: listWhileChanging,
  },
  { id: 'list.stop-early', title: 'can be left at any page', promise: every, run: stopEarly },
  {
    id: 'list.directories',
    title: 'lists directories, empty ones too',
    promise: every,
    needs: ['directories'],
    run: listDirectories,
  },
];
