import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verbTable } from '../program/verb-table.ts';
import { completeBash } from './complete-bash.ts';
import { completeFish } from './complete-fish.ts';
import { completeZsh } from './complete-zsh.ts';
import { readCompletions } from './read-completions.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hf-completion-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'notes.txt'), '');
  writeFileSync(join(folder, 'script.bash'), completeBash(await readCompletions(verbTable)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers, with these words as it takes a line apart; the last is the one being typed. */
function complete(...words: string[]): string[] {
  const program = `source ./script.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['--norc', '-euc', program, 'bash', 'holdfast', ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  return answer.split('\n').filter((line) => line !== '');
}

describe('bash', () => {
  it('offers every verb first, and options', () => {
    const first = new Set(verbTable.map(({ name }) => name.split(' ')[0]));
    expect(new Set(complete(''))).toEqual(first);
    expect(complete('cl')).toEqual(['clone']);
    expect(complete('--v')).toEqual(['--version']);
  });

  it('offers the second word of verbs that have two', () => {
    expect(complete('plugin', '')).toEqual(expect.arrayContaining(['list', 'add', 'remove']));
    expect(complete('plugin', 're')).toEqual(['remove']);
  });

  it.each([
    [['clone', '--dr'], ['--dry-run']],
    [['clone', 'a', 'b', '--allow-e'], ['--allow-empty-source']],
    [['--json', 'clone', '--adopt-v'], ['--adopt-volume']],
    [['--config', 'plugin', 'ls', '--a'], ['--at']],
    [
      ['restore', '--overwrite', 'if'],
      ['if-changed', 'if-newer'],
    ],
    [['restore', '--overwrite', '=', 'n'], ['never']],
    [
      ['restore', '--overwrite', '='],
      ['always', 'if-changed', 'if-newer', 'never'],
    ],
    [['clone', '--verify', '=', 're'], ['readback']],
    [['completion', 'b'], ['bash']],
    [['help', 'sn'], ['snapshots']],
  ])('%j: %j', (words, offered) => expect(complete(...words)).toEqual(offered));

  it('offers paths where paths go, also after --verify, which takes nothing from there', () => {
    expect(complete('clone', 'da')).toEqual(['data']);
    expect(complete('clone', '--verify', 'no')).toEqual(['notes.txt']);
  });

  it('offers every option of every verb', async () => {
    for (const { name, options } of (await readCompletions(verbTable)).verbs) {
      const offered = complete(...name.split(' '), '-');
      expect(offered, name).toEqual(expect.arrayContaining(options.flatMap(({ names }) => names)));
    }
  });

  it('loads into an interactive shell', () => {
    const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', 'source ./script.bash && complete -p holdfast'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr, stdout.trim()]).toEqual([0, '', 'complete -F _holdfast holdfast']);
  });
});

describe.each([
  ['zsh', completeZsh, ['-n']],
  ['fish', completeFish, ['--no-execute']],
] as const)('%s', (shell, make, check) => {
  it('names every verb and option', async () => {
    const completions = await readCompletions(verbTable);
    const script = make(completions);
    for (const { name, options } of completions.verbs) {
      for (const word of name.split(' ')) expect(script).toContain(word);
      for (const { names } of options) for (const each of names) expect(script).toContain(each.replace(/^-+/, ''));
    }
    expect(script.split("'").length % 2, 'quotes come in pairs').toBe(1);
  });

  it.skipIf(spawnSync(shell, ['--version']).error !== undefined)('has a script that the shell can read', async () => {
    const file = join(folder, `script.${shell}`);
    writeFileSync(file, make(await readCompletions(verbTable)));
    const { status, stderr } = spawnSync(shell, [...check, file], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});
