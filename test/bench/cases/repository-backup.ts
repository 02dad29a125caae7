import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchCase } from '../bench-case.ts';
import { warm } from '../measure.ts';
import { ratioGoal, runRounds } from '../rounds.ts';

const SOURCES = ['/usr/share', '/usr/include'];
const PASSWORD = 'bench';

/** Runs a program with what it needs to open the repository. */
function withPassword(...words: string[]): [string, ...string[]] {
  return ['env', `HOLDFAST_PASSWORD=${PASSWORD}`, `RESTIC_PASSWORD=${PASSWORD}`, ...words];
}

/** Makes an empty repository in place of what is there. */
function renew(repository: string): void {
  rmSync(repository, { recursive: true, force: true });
  const [program, ...words] = withPassword('restic', 'init', '-q', '-r', repository);
  execFileSync(program, words);
}

function contenders({ folder, holdfast }: Bench): { readonly name: string; readonly command: () => [string, ...string[]] }[] {
  const [ours, theirs] = [join(folder, 'holdfast'), join(folder, 'restic')];
  return [
    { name: 'holdfast backup', command: () => withPassword(holdfast, 'backup', ...SOURCES, '--repo', ours, '-q') },
    { name: 'restic backup', command: () => withPassword('restic', '-q', '-r', theirs, 'backup', ...SOURCES) },
  ];
}

export const firstBackup: BenchCase = {
  name: 'first-backup',
  gigabytes: { once: 0.6, perRound: 0 },
  run(bench) {
    for (const source of SOURCES) warm(source);
    const rows = runRounds(bench.rounds, contenders(bench), () => {
      for (const name of ['holdfast', 'restic']) renew(join(bench.folder, name));
    });
    return {
      title: 'First backup: /usr/share and /usr/include',
      method: 'Source in the page cache, each into an empty encrypted repository that restic made.',
      rounds: bench.rounds,
      rows,
      goals: [ratioGoal(rows, 'holdfast backup', 'restic backup', 0.6)],
    };
  },
};

export const unchangedBackup: BenchCase = {
  name: 'unchanged-backup',
  gigabytes: { once: 0.6, perRound: 0 },
  run(bench) {
    for (const name of ['holdfast', 'restic']) renew(join(bench.folder, name));
    for (const { command } of contenders(bench)) {
      const [program, ...words] = command();
      execFileSync(program, words);
    }
    const rows = runRounds(bench.rounds, contenders(bench));
    return {
      title: 'Second backup, nothing changed: /usr/share and /usr/include',
      method: 'Each program backed the same up before; what is measured is the run that finds nothing to do.',
      rounds: bench.rounds,
      rows,
      goals: [ratioGoal(rows, 'holdfast backup', 'restic backup', 0.5)],
    };
  },
};
