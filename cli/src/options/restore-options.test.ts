import type { RestoreRequest } from '@holdfast/core';
import { expect, it } from 'vitest';
import { buildCommand, parseVerb } from '../program/parse-verb.ts';
import type { World } from '../program/session.ts';
import { restoreVerb } from '../verbs/restore.ts';
import { readRestoreRequest } from './restore-options.ts';

/** Nobody asks for a password. */
const noWorld = {} as World;

async function read(...options: string[]): Promise<RestoreRequest> {
  const { words, options: parsed } = parseVerb('restore', restoreVerb, ['FROM@latest', ...options, 'TARGET']);
  expect(words).toEqual(['FROM@latest', 'TARGET']);
  const { repository: _, ...request } = await readRestoreRequest('FROM@latest', 'TARGET', parsed, noWorld);
  return request;
}

const selection = { rules: [], excludeIfPresent: [], excludeCaches: false, oneFileSystem: false, paths: [], includeState: false };
const plain: RestoreRequest = {
  from: 'FROM@latest',
  target: 'TARGET',
  dryRun: false,
  verify: 'size',
  owner: true,
  xattrs: true,
  selection,
  overwrite: 'if-changed',
  deletes: false,
  strips: false,
};

const effects: readonly (readonly [string[], Partial<RestoreRequest>])[] = [
  [[], {}],
  [['--at', 'latest~2'], { at: 'latest~2' }],
  [['--path', '/a/b/', '--path=c', '--path', './d e'], { selection: { ...selection, paths: ['a/b', 'c', 'd e'] } }],
  [
    ['--include', '*.txt', '--exclude=b.txt'],
    {
      selection: {
        ...selection,
        rules: [
          { effect: 'include', pattern: '*.txt' },
          { effect: 'exclude', pattern: 'b.txt' },
        ],
      },
    },
  ],
  [['--overwrite', 'never'], { overwrite: 'never' }],
  [['--overwrite=always'], { overwrite: 'always' }],
  [['--overwrite=if-newer'], { overwrite: 'if-newer' }],
  [['--delete'], { deletes: true }],
  [['--delete', '--no-delete'], { deletes: false }],
  [['--dry-run'], { dryRun: true }],
  [['--verify'], { verify: 'digest' }],
  [['--verify=readback'], { verify: 'readback' }],
  [['--strip'], { strips: true }],
  [['--password-file', 'F', '--retry-lock', '10m', '--no-lock', '--no-cache'], {}],
  [['--password-command=pass'], {}],
  [['--bwlimit', '1M', '--concurrency=2', '--read-concurrency=3'], { bandwidth: '1M', concurrency: 2, readConcurrency: 3 }],
  [['--no-owner', '--no-xattrs'], { owner: false, xattrs: false }],
];

it.each(effects)('%j', async (options, changed) => {
  expect(await read(...options)).toEqual({ ...plain, ...changed });
});

it('has no option whose effect is not tested here', () => {
  const tested = effects.flatMap(([options]) => options.map((option) => option.replace(/=.*/s, '')));
  const common = ['--json', '--quiet', '--verbose', '--config', '--no-progress', '--yes'];
  const all = buildCommand('restore', restoreVerb).options.map(({ long }) => long);
  expect(all.filter((option) => !tested.includes(option ?? '') && !common.includes(option ?? ''))).toEqual([]);
});

it.each([
  [['--path', '../x'], '--path:'],
  [['--path', ''], '--path:'],
  [['--overwrite=sometimes'], '--overwrite: "sometimes"'],
])('refuses %j', (options, message) => {
  expect(() => parseVerb('restore', restoreVerb, [...options, 'F', 'T'])).toThrow(message);
});
