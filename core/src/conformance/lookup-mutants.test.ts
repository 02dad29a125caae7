import { test } from 'vitest';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { parentPath, rootPath } from '../paths/rel-path.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { expectCaught, type Mutant } from './testing/expect-caught.ts';

const mutants: readonly Mutant[] = [
  {
    wrong: 'a range is one byte too long',
    caughtBy: ['read.ranges'],
    change: (inner) => ({
      read: (key, { range, ...options }) =>
        inner.read(key, { ...options, ...(range === undefined ? {} : { range: { ...range, length: range.length + 1n } }) }),
    }),
  },
  {
    wrong: 'a range past the end is an error',
    caughtBy: ['read.ranges', 'read.empty'],
    change: (inner) => ({
      async *read(key, options) {
        const info = await inner.stat(key, {});
        if (info !== undefined && options.range !== undefined && options.range.offset >= info.size)
          throw new HoldfastError('read-failed', 'Past the end.');
        yield* inner.read(key, options);
      },
    }),
  },
  {
    wrong: 'reading a missing key gives nothing',
    caughtBy: ['read.missing', 'remove.object'],
    change: (inner) => ({
      async *read(key, options) {
        if ((await inner.stat(key, options)) !== undefined) yield* inner.read(key, options);
      },
    }),
  },
  {
    wrong: 'reading rejects with an error that is no HoldfastError',
    caughtBy: ['read.missing'],
    change: (inner) => ({
      async *read(key, options) {
        if ((await inner.stat(key, options)) === undefined) throw new Error('ENOENT');
        yield* inner.read(key, options);
      },
    }),
  },
  {
    wrong: 'a chunk is used again for the next one',
    caughtBy: ['read.again', 'write.round-trip', 'read.huge'],
    change: (inner) => {
      const shared = Buffer.alloc(65_536);
      return {
        async *read(key, options) {
          for await (const chunk of inner.read(key, options)) {
            shared.set(chunk);
            yield shared.subarray(0, chunk.length);
          }
        },
      };
    },
  },
  {
    wrong: 'a read goes on although it is aborted',
    caughtBy: ['abort.before', 'abort.read'],
    change: (inner) => ({ read: (key, { signal: _, ...options }) => inner.read(key, options) }),
  },
  {
    wrong: 'removing a missing key rejects',
    caughtBy: ['remove.missing', 'random.sequences'],
    change: (inner) => ({
      remove: async (key, options) => {
        inner.store.require(key);
        await inner.remove(key, options);
      },
    }),
  },
  {
    wrong: 'removing takes what only begins alike',
    caughtBy: ['remove.object', 'random.sequences'],
    change: (inner) => ({
      remove: async (key, options) => {
        await inner.remove(key, options);
        for (const name of await keysOf(inner)) if (name.startsWith(key)) await inner.remove(name, options);
      },
    }),
  },
  {
    wrong: 'removing a directory takes what is in it',
    caughtBy: ['remove.directory', 'random.sequences'],
    change: (inner) => ({
      remove: async (key, options) => {
        for (const name of (await keysOf(inner)).filter((each) => each.startsWith(`${key}/`)).reverse())
          await inner.remove(name, options);
        await inner.remove(key, options);
      },
    }),
  },
  {
    wrong: 'a directory goes with the last file in it',
    caughtBy: ['random.sequences'],
    change: (inner) => ({
      remove: async (key, options) => {
        await inner.remove(key, options);
        if (parentPath(key).length > 'scratch/s0'.length) await inner.remove(parentPath(key), options).catch(() => undefined);
      },
    }),
  },
  {
    wrong: 'a page of a listing lacks its last key',
    caughtBy: ['list.many'],
    change: (inner) => ({
      async *list(prefix, options) {
        for await (const page of inner.list(prefix, options)) yield page.length === 1000 ? page.slice(0, -1) : page;
      },
    }),
  },
  {
    wrong: 'a page of a listing begins with the last key of the page before',
    caughtBy: ['list.many'],
    change: (inner) => ({
      async *list(prefix, options) {
        let last: Awaited<ReturnType<MemoryDestination['stat']>>;
        for await (const page of inner.list(prefix, options)) {
          yield last === undefined ? page : [last, ...page];
          last = page.at(-1);
        }
      },
    }),
  },
  {
    wrong: 'a listing gives what only begins like its prefix',
    caughtBy: ['list.prefix'],
    change: (inner) => ({
      async *list(prefix, options) {
        for await (const page of inner.list(rootPath, options))
          yield page.filter(({ key }) => key.startsWith(prefix) && key !== prefix);
      },
    }),
  },
  {
    wrong: 'a listing goes on although it is aborted',
    caughtBy: ['abort.before', 'abort.list'],
    change: (inner) => ({ list: (prefix) => inner.list(prefix, {}) }),
  },
  {
    wrong: 'a listing looks keys up one by one while they change, and begins again',
    caughtBy: ['list.while-changing'],
    change: (inner) => ({
      async *list(prefix, options) {
        for await (const page of inner.list(prefix, options)) {
          const before = inner.store.tickNs();
          yield page;
          if (inner.store.tickNs() > before + 1n) yield page.slice(0, 10);
        }
      },
    }),
  },
  {
    wrong: 'long names are cut',
    caughtBy: ['names.longest-segment'],
    change: (inner) => ({ write: (key, content, options) => inner.write(cutName(key), content, options) }),
  },
  {
    wrong: 'names are normalised in secret',
    caughtBy: ['names.unicode-forms', 'names.plain'],
    change: (inner) => secretly(inner, (key) => key.normalize('NFD')),
  },
  {
    wrong: 'upper and lower case are one in secret',
    caughtBy: ['names.case', 'names.plain'],
    change: (inner) => secretly(inner, (key) => key.toLowerCase()),
  },
];

test.each(mutants.map((mutant) => [mutant.wrong, mutant] as const))(
  '%s: caught',
  (_wrong, mutant) => expectCaught(mutant),
  60_000,
);

async function keysOf(inner: MemoryDestination): Promise<RelPath[]> {
  return (await Array.fromAsync(inner.list(rootPath, {}))).flat().map(({ key }) => key);
}

function cutName(key: RelPath): RelPath {
  return key
    .split('/')
    .map((segment) => segment.slice(0, 200))
    .join('/') as RelPath;
}

function secretly(inner: MemoryDestination, change: (key: string) => string): ReturnType<Mutant['change']> {
  const as = (key: RelPath): RelPath => change(key) as RelPath;
  return {
    stat: (key, options) => inner.stat(as(key), options),
    read: (key, options) => inner.read(as(key), options),
    write: (key, content, options) => inner.write(as(key), content, options),
    remove: (key, options) => inner.remove(as(key), options),
  };
}
