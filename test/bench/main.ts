/**
 * `npm run bench`: measures Holdfast beside its peers and prints the figures as Markdown. Exits with 1 when a goal is not met.
 *
 * - `--case NAME` (repeatable): only these cases; `--rounds N`: how often (default 5)
 * - `--folder PATH`: where to work, 80 GB free at most are used (default /tmp/hf-bench); `--write`: into docs/benchmarks.md too
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchCase, Outcome } from './bench-case.ts';
import { caseTable } from './case-table.ts';
import { describeMachine } from './describe-machine.ts';
import { describeOutcome, isMet } from './report.ts';

const project = join(import.meta.dirname, '../..');
const holdfast = join(project, 'cli/bin/holdfast');
const MOST_GIGABYTES = 80;
const FREE_GIGABYTES = 3;

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true, default: caseTable.map(({ name }) => name) },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string', default: '/tmp/hf-bench' },
    write: { type: 'boolean', default: false },
  },
});

const cases = values.case.map((wanted) => {
  const found = caseTable.find(({ name }) => name === wanted);
  if (found === undefined)
    throw new Error(`There is no case ${wanted}; there are: ${caseTable.map(({ name }) => name).join(', ')}`);
  return found;
});
mkdirSync(values.folder, { recursive: true });
// One directory for everything: a disk that has just removed many files is slow to make new ones, so that is left to the end.
const base = mkdtempSync(join(values.folder, 'run-'));
const outcomes: Outcome[] = [];
try {
  for (const each of cases) outcomes.push(await runCase(each));
} finally {
  rmSync(base, { recursive: true, force: true });
}
const text = [describeMachine(values.folder, holdfast), ...outcomes.map(describeOutcome)].join('\n');
process.stdout.write(text);
if (values.write) writeFileSync(join(project, 'docs/benchmarks.md'), withPreface(text));
if (!outcomes.every(({ goals }) => goals.every(isMet))) process.exitCode = 1;

async function runCase({ name, gigabytes, run }: BenchCase): Promise<Outcome> {
  const { bavail, bsize } = statfsSync(base);
  const room = Math.min((bavail * bsize) / 1e9 - FREE_GIGABYTES, MOST_GIGABYTES) - gigabytes.once;
  const rounds = Math.min(Number(values.rounds), gigabytes.perRound === 0 ? Infinity : Math.floor(room / gigabytes.perRound));
  if (room < 0 || rounds < 1) throw new Error(`${values.folder} has too little room for the case ${name}.`);
  const folder = join(base, name);
  mkdirSync(folder);
  process.stderr.write(`${name}\n`);
  return run({ folder, rounds, holdfast });
}

function withPreface(text: string): string {
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --write`. Holdfast and its peers run by turns in one session, on the same data, with the same caches, each time into fresh directories; wall time, processor time and memory are those that time(1) gives.',
    '',
    text,
  ].join('\n');
}
