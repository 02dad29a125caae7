import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchCase } from '../bench-case.ts';
import { warm } from '../measure.ts';
import { ratioGoal, runRounds } from '../rounds.ts';
import { makeLargeFile } from '../trees.ts';

export const LARGE_FILE_MIB = 4096;

export const largeFile: BenchCase = {
  name: 'large-file',
  gigabytes: { once: 14, perRound: 0 },
  run({ folder, rounds, holdfast }) {
    const source = join(folder, 'source');
    mkdirSync(source);
    makeLargeFile(join(source, 'large'), LARGE_FILE_MIB);
    const to = (name: string, round: number): string => join(folder, `${name}-${round}`);
    const rows = runRounds(
      rounds,
      [
        {
          name: 'holdfast clone, sync',
          command: (round) => ['sh', '-c', '"$0" clone "$1" "$2" && sync', holdfast, source, to('holdfast', round)],
        },
        { name: 'cp, sync', command: (round) => ['sh', '-c', 'cp -r "$0" "$1" && sync', source, to('cp', round)] },
      ],
      () => warm(source),
      // A single file is no burden for the ones after it, and the disk is not filled.
      (round) => ['holdfast', 'cp'].forEach((name) => rmSync(join(to(name, round), 'large'), { force: true })),
    );
    return {
      title: 'One file of 4 GiB, without shared blocks',
      method: 'Source in the page cache; both are followed by `sync`. Holdfast records the digest of the contents.',
      rounds,
      rows,
      goals: [ratioGoal(rows, 'holdfast clone, sync', 'cp, sync', 1.1)],
    };
  },
};
