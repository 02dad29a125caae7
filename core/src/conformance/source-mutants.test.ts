import { expect, test } from 'vitest';
import type { Entry } from '../contracts/entry.ts';
import type { Source } from '../contracts/source.ts';
import { MemorySource } from '../testing/memory-source.ts';
import type { TreeDescription } from '../testing/tree-description.ts';
import { sourceChecks } from './checks/source-checks.ts';

/** What a source does in place of the sound one. */
type Change = (inner: MemorySource) => Partial<Source>;

/** A source whose scan gives its entries changed, at most `size` in a batch. */
function scanning(change: (entries: readonly Entry[]) => readonly Entry[], size = 1000): Change {
  return (inner) => ({
    async *scan(options) {
      const entries: Entry[] = [];
      for await (const batch of inner.scan(options)) entries.push(...(batch as readonly Entry[]));
      const changed = change(entries);
      for (let start = 0; start < changed.length; start += size) yield changed.slice(start, start + size);
    },
  });
}

const mutants: readonly (readonly [wrong: string, caughtBy: string, change: Change])[] = [
  [
    'a scan sorts whole paths as text',
    'source.order',
    scanning((entries) => [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))),
  ],
  [
    'a scan sorts names as UTF-16',
    'source.order',
    scanning((entries) => [...entries].sort((a, b) => (a.path.split('/').join('\0') < b.path.split('/').join('\0') ? -1 : 1))),
  ],
  ['a scan leaves out empty directories', 'source.order', scanning((entries) => entries.filter(({ path }) => path !== 'empty'))],
  ['a scan gives too many entries at once', 'source.many', scanning((entries) => entries, 1001)],
  [
    'a scan loses an entry between two batches',
    'source.many',
    scanning((entries) => entries.filter((_, index) => index !== 999)),
  ],
  [
    'a selection takes no part',
    'source.selection',
    (inner) => ({ scan: (options) => inner.scan({ ...options, selection: { ...options.selection, rules: [] } }) }),
  ],
  [
    'what is left out is not counted',
    'source.selection',
    (inner) => ({ scan: (options) => inner.scan({ ...options, onExclude: () => undefined }) }),
  ],
  [
    'entries are described in the order of the scan',
    'source.describe',
    (inner) => ({
      describe: (entries, options) =>
        inner.describe(
          [...entries].sort((a, b) => (a.path < b.path ? -1 : 1)),
          options,
        ),
    }),
  ],
  [
    'content can be opened once',
    'source.reopen',
    (inner) => {
      const opened = new Set<string>();
      return {
        content: (entry) => ({
          ...inner.content(entry),
          async *open(options) {
            if (opened.has(entry.path)) return;
            opened.add(entry.path);
            yield* inner.content(entry).open(options);
          },
        }),
      };
    },
  ],
  [
    'a range takes no part',
    'source.ranges',
    (inner) => ({
      content: (entry) => ({ ...inner.content(entry), open: ({ range: _, ...options }) => inner.content(entry).open(options) }),
    }),
  ],
  [
    'every file has one version',
    'source.version',
    (inner) => ({ content: (entry) => ({ ...inner.content(entry), version: '1' }) }),
  ],
  [
    'a file that is gone is empty',
    'source.missing',
    (inner) => ({
      content: (entry) => ({
        ...inner.content(entry),
        async *open(options) {
          if (inner.store.tree.get(entry.path) !== undefined) yield* inner.content(entry).open(options);
        },
      }),
    }),
  ],
  [
    'the last extent is lost',
    'source.extents',
    (inner) => ({
      async *extents(entry, options) {
        yield* (await Array.fromAsync(inner.extents(entry, options))).slice(0, -1);
      },
    }),
  ],
  ['aborting a scan does nothing', 'source.abort', (inner) => ({ scan: ({ signal: _, ...options }) => inner.scan(options) })],
];

test.each(mutants)('%s: caught by %s', async (_wrong, id, change) => {
  const check = sourceChecks.find((each) => each.id === id);
  await check?.run({ open: async (tree) => new MemorySource(tree) });
  const broken = async (tree: TreeDescription): Promise<Source> => {
    const inner = new MemorySource(tree);
    return {
      traits: inner.traits,
      scan: (options) => inner.scan(options),
      describe: (entries, options) => inner.describe(entries, options),
      content: (entry) => inner.content(entry),
      extents: (entry, options) => inner.extents(entry, options),
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
      ...change(inner),
    };
  };
  await expect(check?.run({ open: broken })).rejects.toThrow();
});
