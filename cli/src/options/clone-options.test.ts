import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloneRequest } from '@holdfast/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommand, parseVerb } from '../program/parse-verb.ts';
import { cloneVerb } from '../verbs/clone.ts';
import { readCloneRequest } from './clone-options.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hf-options-'));
  writeFileSync(join(folder, 'patterns'), '# comment\n*.log\n!keep.log\n');
  writeFileSync(join(folder, 'paths'), 'a\n/b/c/\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(...options: string[]): Promise<CloneRequest> {
  const { words, options: parsed } = parseVerb('clone', cloneVerb, [
    ...options.map((each) => each.replace('FOLDER', folder)),
    'SRC',
    'DST',
  ]);
  expect(words).toEqual(['SRC', 'DST']);
  return readCloneRequest('SRC', 'DST', parsed);
}

const selection = { rules: [], excludeIfPresent: [], excludeCaches: false, oneFileSystem: false, paths: [], includeState: false };
const plain: CloneRequest = {
  source: 'SRC',
  destination: 'DST',
  dryRun: false,
  verify: 'size',
  owner: true,
  xattrs: true,
  selection,
  safetyNet: true,
  deletes: true,
  overrides: new Set(),
  checksum: false,
  quick: false,
  snapshot: 'auto',
};
const exclude = (pattern: string) => ({ effect: 'exclude' as const, pattern });
const include = (pattern: string) => ({ effect: 'include' as const, pattern });

const effects: readonly (readonly [string[], Partial<CloneRequest>])[] = [
  [[], {}],
  [['-n'], { dryRun: true }],
  [['--dry-run'], { dryRun: true }],
  [['--verify'], { verify: 'digest' }],
  [['--verify=size'], { verify: 'size' }],
  [['--verify=readback'], { verify: 'readback' }],
  [['--bwlimit', '10M'], { bandwidth: '10M' }],
  [['--bwlimit=08:00-18:00=2M, else off'], { bandwidth: '08:00-18:00=2M, else off' }],
  [['--concurrency', '4'], { concurrency: 4 }],
  [['--read-concurrency=3'], { readConcurrency: 3 }],
  [['--no-owner'], { owner: false }],
  [['--no-xattrs'], { xattrs: false }],
  [['--checksum'], { checksum: true }],
  [['--quick'], { quick: true }],
  [['--snapshot=required'], { snapshot: 'required' }],
  [['--snapshot', 'off'], { snapshot: 'off' }],
  [['--safety-net'], { safetyNet: true }],
  [['--no-safety-net'], { safetyNet: false }],
  [['--no-safety-net', '--safety-net'], { safetyNet: true }],
  [
    ['--safety-net-keep', '30d 12h', '--safety-net-keep=100G', '--safety-net-keep', 'free=10%', '--safety-net-keep=free=5G'],
    {
      keepRules: [
        { kind: 'age', ms: 30.5 * 86_400_000 },
        { kind: 'size', bytes: 100n << 30n },
        { kind: 'free-percent', percent: 10 },
        { kind: 'free', bytes: 5n << 30n },
      ],
    },
  ],
  [['--delete'], { deletes: true }],
  [['--no-delete'], { deletes: false }],
  [['--max-delete', '10'], { maxDelete: { kind: 'count', count: 10 } }],
  [['--max-delete=5%'], { maxDelete: { kind: 'percent', percent: 5 } }],
  [['--allow-empty-source', '--adopt-source'], { overrides: new Set(['allow-empty-source', 'adopt-source'] as const) }],
  [['--adopt-destination', '--adopt-volume'], { overrides: new Set(['adopt-destination', 'adopt-volume'] as const) }],
  [
    ['--allow-nested', '--allow-low-space', '--allow-same-disk'],
    { overrides: new Set(['allow-nested', 'allow-low-space', 'allow-same-disk'] as const) },
  ],
  [
    ['--exclude', '*.tmp', '--include=keep.tmp', '--exclude-from', 'FOLDER/patterns', '--exclude', 'x'],
    {
      selection: {
        ...selection,
        rules: [exclude('*.tmp'), include('keep.tmp'), exclude('*.log'), exclude('!keep.log'), exclude('x')],
      },
    },
  ],
  [['--exclude', '--verify'], { selection: { ...selection, rules: [exclude('--verify')] } }],
  [['--files-from', 'FOLDER/paths'], { selection: { ...selection, paths: ['a', 'b/c'] } }],
  [['--exclude-caches'], { selection: { ...selection, excludeCaches: true } }],
  [
    ['--exclude-if-present', '.nobackup', '--exclude-if-present=.skip'],
    { selection: { ...selection, excludeIfPresent: ['.nobackup', '.skip'] } },
  ],
  [['--exclude-larger-than', '1.5GiB'], { selection: { ...selection, excludeLargerThan: 1_610_612_736n } }],
  [['-x'], { selection: { ...selection, oneFileSystem: true } }],
  [['--one-file-system'], { selection: { ...selection, oneFileSystem: true } }],
];

it.each(effects)('%j', async (options, changed) => {
  expect(await read(...options)).toEqual({ ...plain, ...changed });
});

it('has no option whose effect is not tested here', () => {
  const tested = effects.flatMap(([options]) => options.map((option) => option.replace(/=.*/s, '')));
  const common = ['--json', '--quiet', '--verbose', '--config', '--no-progress', '--yes'];
  const all = buildCommand('clone', cloneVerb).options.map(({ long }) => long);
  expect(all.filter((option) => !tested.includes(option ?? '') && !common.includes(option ?? ''))).toEqual([]);
});

it('takes the value of --verify after = only', () => {
  const { words } = parseVerb('clone', cloneVerb, ['--verify', 'SRC', 'DST', '-q']);
  expect(words).toEqual(['SRC', 'DST']);
});

describe('what is wrong', () => {
  it.each([
    [['--exclude-larger-than', '10X'], '--exclude-larger-than: "10X" is no size.', 'a number of bytes'],
    [['--verify=often'], '--verify: "often" is not possible here.', 'size, digest, readback'],
    [['--verify='], '--verify: "" is not possible here.', 'size, digest, readback'],
    [['--snapshot=maybe'], '--snapshot: "maybe" is not possible here.', 'auto, off, required'],
    [['--concurrency', '0'], '--concurrency: "0" is no number of at least 1.', 'a whole number'],
    [['--read-concurrency=x'], '--read-concurrency: "x"', 'a whole number'],
    [['--max-delete', '101%'], '--max-delete: "101%"', '50%'],
    [['--safety-net-keep', '10m'], '--safety-net-keep: "10m"', '10min'],
    [['--bwlimit', 'fast'], '--bwlimit:', ''],
    [['--exclude', '/'], '--exclude: The pattern "/" matches nothing.', '*.tmp'],
    [['--exclude-if-present', 'a/b'], '--exclude-if-present: "a/b"', 'without a slash'],
    [['--exclude-from', 'FOLDER/none'], '--exclude-from: cannot read', 'Check the path'],
    [['--files-from', 'FOLDER'], '--files-from: cannot read', 'Check the path'],
    [['--checksum', '--quick'], '--quick', 'Leave one of them out'],
    [['--quik'], 'There is no option --quik here.', 'Did you mean --quick?'],
    [['--nonsense=secret-value'], 'There is no option --nonsense here.', 'holdfast help clone'],
    [['--quick=yes'], '--quick takes no value.', 'just --quick'],
    [['--password=hunter2'], 'Secrets are not given on the command line', 'environment'],
    [['--s3-secret-key', 'hunter2'], 'Secrets are not given on the command line', 'environment'],
    [['EXTRA'], 'one source and one destination', 'holdfast clone SOURCE DESTINATION'],
  ])('%j', async (options, message, hint) => {
    const thrown = await Promise.resolve()
      .then(() => read(...options))
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining(hint) as string,
    });
    expect(JSON.stringify(thrown) + (thrown as Error).message).not.toContain('hunter2');
  });

  it('says which word or value is missing', () => {
    expect(() => parseVerb('clone', cloneVerb, ['SRC'])).toThrow('DESTINATION is missing.');
    expect(() => parseVerb('clone', cloneVerb, ['SRC', 'DST', '--bwlimit'])).toThrow('--bwlimit needs a value.');
  });
});
