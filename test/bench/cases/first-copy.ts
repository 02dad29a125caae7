import { join } from 'node:path';
import type { BenchCase } from '../bench-case.ts';
import { warm } from '../measure.ts';
import { ratioGoal, runRounds } from '../rounds.ts';
import { makeTree } from '../trees.ts';

export const firstCopy: BenchCase = {
  name: 'first-copy',
  gigabytes: { once: 0.3, perRound: 0.9 },
  run({ folder, rounds, holdfast }) {
    const source = makeTree(join(folder, 'source'), 50_000, 500, 4096);
    warm(source);
    const to = (name: string, round: number): string => join(folder, `${name}-${round}`);
    const rows = runRounds(rounds, [
      { name: 'holdfast clone', command: (round) => [holdfast, 'clone', source, to('holdfast', round)] },
      { name: 'rsync -aAXH', command: (round) => ['rsync', '-aAXH', `${source}/`, to('rsync', round)] },
      { name: 'cp -a', command: (round) => ['cp', '-a', source, to('cp', round)] },
    ]);
    return {
      title: 'First copy: 50,000 files of 4 KiB in 500 folders',
      method: 'Source in the page cache, each copy into a fresh directory of the same disk.',
      rounds,
      rows,
      goals: [ratioGoal(rows, 'holdfast clone', 'rsync -aAXH', 0.45), ratioGoal(rows, 'holdfast clone', 'cp -a', 0.8)],
    };
  },
};
