import type { Entry } from '../../contracts/entry.ts';
import type { ScanOptions } from '../../contracts/source.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectEqual, expectFailure, expectRejection, expectTrue } from '../expectations.ts';
import { inParallel } from '../in-parallel.ts';
import { collectScan, everything } from '../collect-scan.ts';
import { patternContent } from '../pattern.ts';

const creates = {
  of: 'DirectoryCapability.create',
  says: 'Makes a directory and its missing parents; resolves when it is already there.',
};
const scans = { of: 'DirectoryCapability.scan', says: 'Everything below `root` in tree order, as a source gives it' };
const needs: readonly Need[] = ['directories'];

/** Entries of a scan of the context's root, checked to be in tree order. */
export function scanAll(context: CheckContext, options: Partial<ScanOptions> = {}): Promise<Entry[]> {
  return collectScan((scanOptions) => context.capability('directories').scan(context.root, scanOptions), options);
}

async function create(context: CheckContext): Promise<void> {
  const directories = context.capability('directories');
  await context.put('file', 'x');
  for (const name of ['a/b/c', 'a/b', 'a/b/c']) await directories.create(context.key(name), {});
  for (const name of ['a', 'a/b', 'a/b/c']) expectEqual((await context.stat(name))?.kind, 'directory', `kind of "${name}"`);
  await context.put('a/b/x', 'kept');
  await directories.create(context.key('a/b'), {});
  expectEqual((await context.get('a/b/x')).toString(), 'kept', 'what was in a directory that is made again');
  await expectRejection(
    directories.create(context.key('file'), {}),
    ['not-a-directory', 'exists'],
    'making a directory where a file is',
  );
  await expectRejection(directories.create(context.key('file/d'), {}), ['not-a-directory'], 'making a directory below a file');
  expectEqual((await context.get('file')).toString(), 'x', 'the file in the way');
}

async function protectDirectories(context: CheckContext): Promise<void> {
  await context.put('d/f', 'x');
  await expectRejection(context.put('d', 'y'), ['is-directory'], 'writing where a directory is');
  await expectRejection(context.put('d/f/g', 'y'), ['not-a-directory'], 'writing below a file');
  await expectRejection(context.get('d'), ['is-directory'], 'reading a directory');
  expectEqual((await context.get('d/f')).toString(), 'x', 'what was there');
  expectEqual(await context.names(), ['d/f'], 'what is listed');
}

/** Names whose order by segments, by bytes of the whole key, by UTF-16 and without case all differ. */
const traps = [
  'a/x',
  'a/b/c',
  'a-b',
  'a.b/x',
  'a b',
  'a',
  'ab',
  'A',
  'a0/x',
  'a!/x',
  'aé',
  'ae\u0301',
  'a\uffee',
  'a😀/x',
  'Z',
  'z',
  '\udcff',
  'é\udc80/x',
];

async function scanInOrder(context: CheckContext): Promise<void> {
  const { caseSensitive, normalises } = context.destination.traits;
  const expected = new Set(['']);
  for (const name of traps.filter(
    (trap) => trap !== 'a' && (caseSensitive || trap.toLowerCase() === trap) && !(normalises && /[^\0-\x7f]/.test(trap)),
  )) {
    const kept = await context.put(name, name).then(
      () => true,
      (error: unknown) => {
        expectFailure(error, ['name-not-allowed'], `writing ${JSON.stringify(name)}`);
        return false;
      },
    );
    const segments = name.split('/');
    if (kept) segments.forEach((_, index) => expected.add(segments.slice(0, index + 1).join('/')));
  }
  const found = (await scanAll(context)).map(({ path }) => path as string);
  expectEqual([...found].sort(), [...expected].sort(), 'what a scan finds');
}

async function scanMany(context: CheckContext): Promise<void> {
  const { manyEntries } = context.limits;
  const names = Array.from({ length: manyEntries }, (_, index) => `d${index % 11}/e${index % 3}/n${index}`);
  await inParallel(names, 16, (name) => context.put(name, name));
  const entries = await scanAll(context);
  const files = entries.filter(({ kind }) => kind === 'file').map(({ path }) => path as string);
  expectEqual(files.sort(), names.sort(), `files of a tree of ${manyEntries}`);
}

async function scanFacts(context: CheckContext): Promise<void> {
  await context.destination.write(context.key('d/file'), patternContent(1, 70_001), { mtimeNs: 1_700_000_000_000_000_000n });
  await context.capability('directories').create(context.key('d/empty'), {});
  const entries = new Map((await scanAll(context)).map((entry) => [entry.path as string, entry]));
  expectEqual(
    [...entries].map(([path, { kind }]) => `${path}:${kind}`),
    [':directory', 'd:directory', 'd/empty:directory', 'd/file:file'],
    'a scan',
  );
  const file = entries.get('d/file');
  expectEqual(file?.kind === 'file' ? file.size : undefined, 70_001n, 'the size that a scan tells');
  if (context.destination.traits.mtimeResolutionNs > 0n) {
    expectEqual(file?.metadata.mtimeNs, (await context.stat('d/file'))?.mtimeNs, 'the mtime that a scan tells and that of stat');
  }
  const below = await collectScan((options) => context.capability('directories').scan(context.key('d'), options));
  expectEqual(
    below.map(({ path }) => path as string),
    ['', 'empty', 'file'],
    'a scan of "d", by paths below it',
  );
}

async function scanSelection(context: CheckContext): Promise<void> {
  for (const name of ['keep/a', 'keep/b.tmp', 'drop/a', 'drop/b/c', 'z']) await context.put(name, name);
  let excluded = 0;
  const rules = [
    { effect: 'exclude', pattern: '*.tmp' },
    { effect: 'exclude', pattern: '/drop' },
  ] as const;
  const onExclude = (count: number): void => void (excluded += count);
  const found = await scanAll(context, { selection: { ...everything, rules }, onExclude });
  expectEqual(
    found.map(({ path }) => path as string),
    ['', 'keep', 'keep/a', 'z'],
    'what a selection leaves',
  );
  expectEqual(excluded, 2, 'how many entries were told to be left out');
}

async function scanAborted(context: CheckContext): Promise<void> {
  await context.put('a/b', 'x');
  const why = new Error('aborted by the check');
  const scan = scanAll(context, { signal: AbortSignal.abort(why) });
  expectTrue(
    (await scan.catch((error: unknown) => error)) === why,
    "a scan with an aborted signal has to reject with the signal's reason",
  );
}

export const directoryChecks: readonly ConformanceCheck[] = [
  { id: 'directories.create', title: 'makes directories with their parents', promise: creates, needs, run: create },
  {
    id: 'directories.in-the-way',
    title: 'never puts a file in the place of a directory, nor the reverse',
    promise: { of: 'Destination.write', says: 'writing where a directory is rejects with `is-directory`' },
    needs,
    run: protectDirectories,
  },
  {
    id: 'directories.scan-order',
    title: 'scans in tree order, also where names are traps',
    promise: scans,
    needs,
    run: scanInOrder,
  },
  { id: 'directories.scan-many', title: 'scans thousands of entries once each', promise: scans, needs, run: scanMany },
  { id: 'directories.scan-facts', title: 'tells in a scan what stat tells', promise: scans, needs, run: scanFacts },
  {
    id: 'directories.scan-selection',
    title: 'leaves out what the selection leaves out',
    promise: scans,
    needs,
    run: scanSelection,
  },
  {
    id: 'directories.scan-abort',
    title: 'ends a scan that is aborted',
    promise: { of: 'CallOptions.signal', says: "Aborting makes the call reject with the signal's reason as soon as it can" },
    needs,
    run: scanAborted,
  },
];
