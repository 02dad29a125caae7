import type { BenchCase } from '../bench-case.ts';
import { runRounds } from '../rounds.ts';

export const startUp: BenchCase = {
  name: 'start-up',
  gigabytes: { once: 0, perRound: 0 },
  run({ rounds, holdfast }) {
    const times = rounds * 4;
    const rows = runRounds(times, [
      { name: 'holdfast version', command: () => [holdfast, 'version'] },
      { name: 'node -e 0', command: () => [process.execPath, '-e', '0'] },
    ]);
    const [ours, node] = rows.map(({ median }) => median.wallMs) as [number, number];
    return {
      title: 'Start: `holdfast version`',
      method: 'Compared with the same Node.js that does nothing.',
      rounds: times,
      rows,
      goals: [{ what: 'time beyond `node -e 0`', measured: ours - node, atMost: 100, unit: 'ms' }],
    };
  },
};
