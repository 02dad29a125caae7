import { join } from 'node:path';
import type { BenchCase } from '../bench-case.ts';
import { warm } from '../measure.ts';
import { ratioGoal, runRounds } from '../rounds.ts';

export const realTree: BenchCase = {
  name: 'real-tree',
  gigabytes: { once: 0, perRound: 11 },
  run({ folder, rounds, holdfast }) {
    warm('/usr');
    const rows = runRounds(rounds, [
      { name: 'holdfast clone', command: (round) => [holdfast, 'clone', '/usr', join(folder, `holdfast-${round}`)] },
      { name: 'rsync -aAXH', command: (round) => ['rsync', '-aAXH', '/usr/', join(folder, `rsync-${round}`)] },
    ]);
    return {
      title: 'A real tree: /usr',
      method: 'The /usr of the machine, read once before, each copy into a fresh directory of the same disk.',
      rounds,
      rows,
      goals: [ratioGoal(rows, 'holdfast clone', 'rsync -aAXH', 0.6)],
    };
  },
};
