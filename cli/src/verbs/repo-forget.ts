import { type ForgetLine, formatCount, repositoryTasks } from '@holdfast/core';
import { addForgetOptions, readForgetOptions } from '../options/forget-options.ts';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

export const repoForgetVerb: Verb = {
  examples: [
    ['holdfast repo forget /mnt/backup/repo --keep-daily 7 --keep-weekly 5 --keep-monthly 12 -n', 'show what would stay and why'],
    ['holdfast repo forget /mnt/backup/repo --keep-last 10 --host laptop', 'keep the newest ten of a machine'],
    ['holdfast repo forget /mnt/backup/repo 5c3d1f2a', 'remove this version'],
  ],
  description: [
    'Removes versions: those that are named, or of each group of versions of the same host and paths those that no option keeps. What only they held stays in the repository as unused data.',
    'SPAN is counted back from the newest version of the group: 1y2m3d4h, where m is months. Days, weeks and so on are those of the clock of the machine that made the version.',
    'With --json each version is an object {type:"snapshot", time, id, taken, hostname, paths, tags, action:"keep"|"forget", reasons}; all are told before the first is removed.',
  ],
  define(command) {
    command
      .argument('<LOCATION>', 'a repository')
      .argument('[SNAPSHOT...]', 'versions to remove: ids or their beginnings, latest, latest~1, times');
    addForgetOptions(command);
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const [location = '', ...snapshots] = words;
    const access = readRepositoryAccess(location, options, session.world);
    const chosen = readForgetOptions(options);
    const named = snapshots.filter((word) => word !== undefined);
    await using program = await session.open();
    const counts = { keep: 0, forget: 0 };
    for await (const line of repositoryTasks.forget(program, { ...access, ...chosen, snapshots: named })) {
      counts[line.action]++;
      session.reporter.result({ type: 'snapshot', record: line, text: () => describe(line) });
    }
    const done = chosen.dryRun ? 'Would remove' : 'Removed';
    session.reporter.note(`${done} ${formatCount(counts.forget, 'version')}, kept ${formatCount(counts.keep, 'version')}.`);
    return 0;
  },
};

function describe({ id, taken, hostname, paths, action, reasons }: ForgetLine): string {
  const what = `${action.padEnd(6)}  ${id.slice(0, 12)}  ${taken.slice(0, 19)}  ${escapeName(hostname)}  ${paths.map(escapeName).join(' ')}`;
  return reasons.length === 0 ? what : `${what}  (${reasons.join(', ')})`;
}
