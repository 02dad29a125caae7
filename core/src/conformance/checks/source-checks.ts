import type { Entry } from '../../contracts/entry.ts';
import type { Source } from '../../contracts/source.ts';
import { bytesOf } from '../../testing/byte-content.ts';
import type { TreeDescription } from '../../testing/tree-description.ts';
import { collectScan, everything } from '../collect-scan.ts';
import { expectExtents } from '../expect-extents.ts';
import { expectAborted, expectBytes, expectEqual, expectRejection, expectTrue, fail } from '../expectations.ts';
import { patternBytes } from '../pattern.ts';
import { entriesOf, entryAt, type SourceCheck, type SourceContext } from '../source-check.ts';

const scans = {
  of: 'Source.scan',
  says: 'Every entry once, in tree order: the root first, siblings by the bytes of their names, a directory right before its children; the core rejects any other order.',
};
const describes = { of: 'Source.describe', says: 'Everything to be kept of these entries, in their order' };
const reopens = { of: 'Content', says: 'Bytes that can be opened again: a retry starts over.' };
const ranges = { of: 'Content.open', says: 'Opens the content from its start, or the range of it.' };
const same = { of: 'Content.version', says: 'The same string means the same bytes: what a resumed upload relies on.' };
const excludes = {
  of: 'ScanOptions.onExclude',
  says: 'Called with what the selection left out; a directory that was left out counts once.',
};
const extents = {
  of: 'Source.extents',
  says: 'The ranges of a sparse file or image that hold data, ascending, not overlapping.',
};
const many = { of: 'Source.readMany', says: 'Many ranges in the order that this source prefers.' };
const reason = { of: 'CallOptions.signal', says: "Aborting makes the call reject with the signal's reason as soon as it can" };
const SIZE = 200_003;

/** Names whose order by segments, by bytes of the whole path, by UTF-16 and without case all differ. */
const traps: TreeDescription = Object.fromEntries(
  ['a/x', 'a/b/c', 'a-b', 'a.b/x', 'a b', 'ab', 'A', 'a0/x', 'a!/x', 'aé', 'a\uffee', 'a😀/x', 'Z', 'z', '.h'].map((name) => [
    name,
    name,
  ]),
);

async function scanInOrder(context: SourceContext): Promise<void> {
  const tree = { ...traps, 'empty': { kind: 'directory' }, 'link': { kind: 'symlink', target: 'a' } } as const;
  const source = await context.open(tree);
  const expected = new Set(['']);
  for (const path of Object.keys(tree))
    path.split('/').forEach((_, index, all) => expected.add(all.slice(0, index + 1).join('/')));
  const found = await entriesOf(source);
  expectEqual(found.map(({ path }) => path as string).sort(), [...expected].sort(), 'what a scan gives');
  expectEqual(found.find(({ path }) => path === 'link')?.kind, 'symlink', 'kind of a link to a directory, which is not entered');
  expectEqual(await entriesOf(source), found, 'a second scan');
}

async function scanMany(context: SourceContext): Promise<void> {
  const names = Array.from({ length: 3500 }, (_, index) => (index < 2500 ? `all/n${index}` : `d${index % 40}/e/n${index}`));
  const source = await context.open(Object.fromEntries(names.map((name) => [name, ''])));
  const files = (await entriesOf(source)).filter(({ kind }) => kind === 'file').map(({ path }) => path as string);
  expectEqual(files.sort(), names.sort(), 'files of a tree of 3500');
}

async function scanSelection(context: SourceContext): Promise<void> {
  const source = await context.open({ 'keep/a': '', 'keep/b.tmp': '', 'drop/a': '', 'drop/b/c': '', 'z': '' });
  const rules = [
    { effect: 'exclude', pattern: '*.tmp' },
    { effect: 'exclude', pattern: '/drop' },
  ] as const;
  let excluded = 0;
  const onExclude = (count: number): void => void (excluded += count);
  const found = await collectScan((options) => source.scan(options), { selection: { ...everything, rules }, onExclude });
  expectEqual(
    found.map(({ path }) => path as string),
    ['', 'keep', 'keep/a', 'z'],
    'what a selection leaves',
  );
  expectEqual(excluded, 2, 'how many entries were told to be left out');
}

async function describeAligned(context: SourceContext): Promise<void> {
  const mtimeNs = 1_600_000_000_000_000_000n;
  const source = await context.open({
    'a': { kind: 'file', content: '1', mode: 0o600, mtimeNs },
    'b/c': { kind: 'file', content: '22', mode: 0o640, mtimeNs: mtimeNs + 1_000_000_000n },
    'd': { kind: 'symlink', target: 'a' },
    'e': { kind: 'file', content: '4444', mode: 0o755, mtimeNs: mtimeNs + 2_000_000_000n },
  });
  // Another order than that of the scan, and one entry twice.
  const entries = (await entriesOf(source)).reverse();
  const asked = [...entries, ...entries.slice(0, 1)];
  const described = await source.describe(asked, {});
  expectEqual(described.length, asked.length, 'how many entries were described');
  for (const [index, { path, metadata }] of asked.entries()) {
    for (const field of ['mode', 'uid', 'gid', 'mtimeNs'] as const) {
      if (metadata[field] !== undefined)
        expectEqual(described[index]?.[field], metadata[field], `${field} of "${path}", described and scanned`);
    }
  }
  expectEqual(await source.describe([], {}), [], 'the description of no entries');
}

async function openPattern(context: SourceContext): Promise<{ source: Source; entry: Entry }> {
  const source = await context.open({ 'd/a': patternBytes(1, 0n, SIZE), 'd/empty': '' });
  return { source, entry: await entryAt(source, 'd/a') };
}

async function reopen(context: SourceContext): Promise<void> {
  const { source, entry } = await openPattern(context);
  const content = source.content(entry);
  expectEqual(content.size, BigInt(SIZE), 'the size of a content');
  for (let round = 0; round < 50; round++) for await (const _ of content.open({})) break;
  for (let round = 0; round < 2; round++)
    expectBytes(await bytesOf(content.open({})), patternBytes(1, 0n, SIZE), `content opened for the ${round + 51}th time`);
  const empty = source.content(await entryAt(source, 'd/empty'));
  expectEqual((await bytesOf(empty.open({}))).length, 0, 'bytes of an empty file');
}

async function openRanges(context: SourceContext): Promise<void> {
  const { source, entry } = await openPattern(context);
  const size = BigInt(SIZE);
  for (const offset of [0n, 1n, 65_535n, 65_536n, size - 1n, size, size + 5n]) {
    for (const length of [0n, 1n, 65_537n, size, size * 2n]) {
      const found = await bytesOf(source.content(entry).open({ range: { offset, length } }));
      const there = offset >= size ? 0n : size - offset < length ? size - offset : length;
      expectBytes(found, patternBytes(1, offset, Number(there)), `${length} bytes from ${offset} of ${size}`);
    }
  }
}

async function keepVersion(context: SourceContext): Promise<void> {
  const { source, entry } = await openPattern(context);
  const { version } = source.content(entry);
  expectEqual(source.content(entry).version, version, 'the version of content that did not change');
  const other = await entryAt(source, 'd/empty');
  if (version !== undefined) expectTrue(source.content(other).version !== version, `two files have the version "${version}"`);
}

async function noticeMissing(context: SourceContext): Promise<void> {
  const { source, entry } = await openPattern(context);
  const gone = { ...entry, path: 'd/gone' } as Entry;
  await expectRejection(bytesOf(source.content(gone).open({})), [], 'reading a file that is gone');
}

async function readExtents(context: SourceContext): Promise<void> {
  const data = [
    { offset: 0n, bytes: patternBytes(1, 0n, 5000) },
    { offset: 1_000_000n, bytes: patternBytes(2, 0n, 70_000) },
  ];
  const source = await context.open({ sparse: { kind: 'sparse-file', size: 3_000_000n, data } });
  const entry = await entryAt(source, 'sparse');
  const whole = await bytesOf(source.content(entry).open({}));
  await expectExtents(source.extents?.(entry, {}) ?? fail('it tells no extents'), whole);
}

async function readMany(context: SourceContext): Promise<void> {
  const { source, entry } = await openPattern(context);
  const requests = [70_000n, 0n, 199_000n].map((offset) => ({ entry, range: { offset, length: 1003n } }));
  const got = requests.map(() => new Uint8Array(1003));
  let bytesGot = 0;
  for await (const { index, offset, bytes } of source.readMany?.(requests, {}) ?? []) {
    got[index]?.set(bytes, Number(offset - (requests[index]?.range.offset ?? 0n)));
    bytesGot += bytes.length;
  }
  expectEqual(bytesGot, 3 * 1003, 'bytes of three ranges');
  for (const [index, { range }] of requests.entries())
    expectBytes(got[index] ?? new Uint8Array(), patternBytes(1, range.offset, 1003), `the range from ${range.offset}`);
}

async function abort(context: SourceContext): Promise<void> {
  const { source, entry } = await openPattern(context);
  const why = new Error('aborted by the check');
  const signal = AbortSignal.abort(why);
  await expectAborted(
    collectScan((options) => source.scan(options), { signal }),
    why,
    'a scan with an aborted signal',
  );
  await expectAborted(bytesOf(source.content(entry).open({ signal })), why, 'reading with an aborted signal');
  await expectAborted(source.describe([entry], { signal }), why, 'describing with an aborted signal');
}

/** Every check of a source. */
export const sourceChecks: readonly SourceCheck[] = [
  {
    id: 'source.order',
    title: 'gives every entry once, in tree order, also where names are traps',
    promise: scans,
    run: scanInOrder,
  },
  { id: 'source.many', title: 'gives thousands of entries once each', promise: scans, run: scanMany },
  { id: 'source.selection', title: 'leaves out what the selection leaves out', promise: excludes, run: scanSelection },
  {
    id: 'source.describe',
    title: 'describes entries in the order in which they are asked for',
    promise: describes,
    run: describeAligned,
  },
  { id: 'source.reopen', title: 'opens content again and again', promise: reopens, run: reopen },
  { id: 'source.ranges', title: 'gives ranges, at all edges and past the end', promise: ranges, run: openRanges },
  { id: 'source.version', title: 'tells one version of the same bytes', promise: same, run: keepVersion },
  { id: 'source.missing', title: 'rejects for a file that is gone', promise: ranges, run: noticeMissing },
  { id: 'source.extents', title: 'tells where data of sparse files is', promise: extents, needs: 'extents', run: readExtents },
  { id: 'source.read-many', title: 'gives many ranges', promise: many, needs: 'readMany', run: readMany },
  { id: 'source.abort', title: 'ends what is aborted', promise: reason, run: abort },
];
