import { join } from 'node:path';
import type { BenchCase, Row } from '../bench-case.ts';
import { runRounds } from '../rounds.ts';
import { makeTree } from '../trees.ts';

const FILES = 1_000_000;
const PEAK_MB = 300;

export const memory: BenchCase = {
  name: 'memory',
  gigabytes: { once: 10, perRound: 0 },
  run({ folder, holdfast }) {
    const source = makeTree(join(folder, 'source'), FILES, 2000, 16);
    const copy = join(folder, 'copy');
    const run = (name: string): Row[] => runRounds(1, [{ name, command: () => [holdfast, 'clone', source, copy] }]);
    const rows = [...run('holdfast clone, first run'), ...run('holdfast clone, second run')];
    return {
      title: 'Peak memory: 1,000,000 files',
      method:
        '1,000,000 files of 16 bytes in 2,000 folders, once copied and once found unchanged. The largest resident set of the whole process.',
      rounds: 1,
      rows,
      goals: rows.map(({ name, median }) => ({
        what: `memory of \`${name}\``,
        measured: (median.peakKiB * 1024) / 1e6,
        atMost: PEAK_MB,
        unit: 'MB',
      })),
    };
  },
};
