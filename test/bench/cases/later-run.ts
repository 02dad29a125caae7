import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Bench, BenchCase } from '../bench-case.ts';
import { warm } from '../measure.ts';
import { type Contender, ratioGoal, runRounds } from '../rounds.ts';
import { changeTree, makeTree } from '../trees.ts';

const FILES = 200_000;
const FOLDERS = 1000;
const BYTES = 64;
/** One file in a hundred. */
const STEP = 100;

export const unchanged: BenchCase = {
  name: 'unchanged',
  gigabytes: { once: 4.5, perRound: 0.1 },
  run(bench) {
    const { source, contenders } = prepare(bench);
    warm(source);
    const rows = runRounds(bench.rounds, contenders);
    return {
      title: 'Second run, nothing changed: 200,000 files of 64 bytes in 1,000 folders',
      method:
        'Each program made its copy before; what is measured is the run that finds nothing to do. All is in the page cache.',
      rounds: bench.rounds,
      rows,
      goals: [
        ratioGoal(rows, 'holdfast clone', 'rsync -aAXH --delete', 0.5),
        ratioGoal(rows, 'holdfast clone --quick', 'rsync -aAXH --delete', 0.35),
      ],
    };
  },
};

export const fewChanges: BenchCase = {
  name: 'few-changes',
  gigabytes: { once: 3.5, perRound: 0.1 },
  run(bench) {
    const { source, contenders } = prepare(bench);
    const [ours, , rsync] = contenders as [Contender, Contender, Contender];
    const rows = runRounds(bench.rounds, [ours, rsync], (round) =>
      changeTree(source, FILES, FOLDERS, BYTES + round, STEP, round),
    );
    return {
      title: '1% changed: 2,000 of 200,000 files of 64 bytes',
      method: 'Before each round other 2,000 files of the source get new contents; every program brings its own copy up to date.',
      rounds: bench.rounds,
      rows,
      goals: [ratioGoal(rows, 'holdfast clone', 'rsync -aAXH --delete', 0.5)],
    };
  },
};

/** A source and a copy of it for each program, up to date. */
function prepare({ folder, holdfast }: Bench): { source: string; contenders: Contender[] } {
  const source = makeTree(join(folder, 'source'), FILES, FOLDERS, BYTES);
  const [ours, quick, theirs, plain] = ['holdfast', 'holdfast-quick', 'rsync', 'rsync-plain'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  for (const copy of [ours, quick]) execFileSync(holdfast, ['clone', source, copy], { stdio: 'ignore' });
  for (const copy of [theirs, plain]) execFileSync('rsync', ['-aAXH', `${source}/`, copy]);
  const contenders: Contender[] = [
    { name: 'holdfast clone', command: () => [holdfast, 'clone', source, ours] },
    { name: 'holdfast clone --quick', command: () => [holdfast, 'clone', '--quick', source, quick] },
    { name: 'rsync -aAXH --delete', command: () => ['rsync', '-aAXH', '--delete', `${source}/`, theirs] },
    { name: 'rsync -a', command: () => ['rsync', '-a', `${source}/`, plain] },
  ];
  return { source, contenders };
}
