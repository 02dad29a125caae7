import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { mountLoopFilesystem } from '../../fixtures/loop-filesystem.ts';
import type { BenchCase, Goal, Row } from '../bench-case.ts';
import { settleDisks } from '../measure.ts';
import { runRounds } from '../rounds.ts';
import { makeLargeFile } from '../trees.ts';
import { LARGE_FILE_MIB } from './large-file.ts';

const kinds = ['btrfs', 'xfs'] as const;
/** A volume larger than the file, too small for a second one. */
const VOLUME_MIB = LARGE_FILE_MIB + 2048;

export const sharedBlocks: BenchCase = {
  name: 'shared-blocks',
  gigabytes: { once: 9, perRound: 0 },
  async run({ rounds, holdfast }) {
    const rows: Row[] = [];
    const goals: Goal[] = [];
    for (const kind of kinds) {
      await using volume = await mountLoopFilesystem(kind, VOLUME_MIB);
      const source = join(volume.directory, 'source');
      mkdirSync(source);
      makeLargeFile(join(source, 'large'), LARGE_FILE_MIB);
      settleDisks();
      const copy = (round: number): string => join(volume.directory, `copy-${round}`);
      const name = `holdfast clone (${kind})`;
      const usedBefore = usedBlocks(volume.directory);
      const [row] = runRounds(rounds, [{ name, command: (round) => [holdfast, 'clone', source, copy(round)] }]);
      settleDisks();
      const grown = usedBlocks(volume.directory) - usedBefore;
      if (row !== undefined) rows.push(row);
      const own = Array.from({ length: rounds }, (_, index) => ownExtents(join(copy(index + 1), 'large')));
      goals.push(
        { what: `time on ${kind}`, measured: row?.median.wallMs ?? Number.NaN, atMost: 1000, unit: 'ms' },
        {
          what: `extents of the copies on ${kind} that are not shared (FIEMAP)`,
          measured: Math.max(...own),
          atMost: 0,
          unit: 'blocks',
        },
        // Records, the probe of the volume and its own trees.
        { what: `use of ${kind} for all ${rounds} copies (df)`, measured: grown / 1e6, atMost: 64, unit: 'MB' },
      );
    }
    return {
      title: 'One file of 4 GiB on a file system that can share blocks',
      method: `btrfs and XFS in a ${VOLUME_MIB / 1024} GiB image; source and copy on the same volume, which has no room for a second copy of the data.`,
      rounds,
      rows,
      goals,
    };
  },
};

/** Bytes in use on the file system of `directory`. */
function usedBlocks(directory: string): number {
  const { bsize, blocks, bfree } = statfsSync(directory);
  return (blocks - bfree) * bsize;
}

/** Extents of a file that no other file shares, as filefrag(8) reads them by FIEMAP. Throws when it lists none. */
function ownExtents(path: string): number {
  const lines = execFileSync('filefrag', ['-v', path], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /^\s+\d+:/.test(line));
  if (lines.length === 0) throw new Error(`filefrag shows no extents of ${path}`);
  return lines.filter((line) => !line.includes('shared')).length;
}
