import { join } from 'node:path';
import type { BenchCase } from '../bench-case.ts';
import { warm } from '../measure.ts';
import { ratioGoal, runRounds, SAME_WORK } from '../rounds.ts';

export const realTree: BenchCase = {
  name: 'real-tree',
  gigabytes: { once: 0, perRound: 11 },
  run({ folder, rounds, holdfast }) {
    warm('/usr');
    const rows = runRounds(rounds, [
      { name: SAME_WORK, command: (round) => [holdfast, 'clone', '--verify=size', '/usr', join(folder, `holdfast-${round}`)] },
      { name: 'rsync -aAXH', command: (round) => ['rsync', '-aAXH', '/usr/', join(folder, `rsync-${round}`)] },
    ]);
    return {
      title: 'A real tree: /usr',
      method: 'The /usr of the machine, read once before, each copy into a fresh directory of the same disk.',
      rounds,
      rows,
      goals: [ratioGoal(rows, SAME_WORK, 'rsync -aAXH', 0.6)],
    };
  },
};
