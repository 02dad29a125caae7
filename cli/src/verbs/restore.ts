import { formatCount, type RestoreRequest, tasks } from '@holdfast/core';
import { addRestoreOptions, readRestoreRequest } from '../options/restore-options.ts';
import { type CopyTale, tellCopy } from '../output/tell-copy.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

export const restoreVerb: Verb = {
  examples: [
    ['holdfast restore /mnt/backup/home /tmp/home', 'bring back the newest version'],
    ['holdfast restore /mnt/backup/home@yesterday /tmp/home', 'as it was at the end of yesterday'],
    ['holdfast restore /mnt/backup/home /home --path ann/thesis.odt --at latest~1', 'one file, of the version before the newest'],
    [
      'holdfast restore /mnt/repo@4f3c /tmp/back --strip --path /home/ann',
      'a folder out of a repository, without /home above it',
    ],
    ['holdfast restore -n /mnt/backup/home /home --overwrite never', 'show what would be brought back'],
  ],
  description: [
    'Brings a version of FROM back into the folder TARGET. FROM is a clone or a repository; FROM@SNAPSHOT is an earlier version. Out of a repository everything comes back below TARGET at its absolute path, or with --strip without the folders that all paths share. `holdfast snapshots FROM` lists the versions.',
    'What is in TARGET already is replaced only where it differs, and nothing is deleted there without --delete.',
  ],
  define(command) {
    command.argument('<FROM>', 'a clone or repository, or FROM@SNAPSHOT').argument('<TARGET>', 'the folder to bring it back to');
    addRestoreOptions(command);
  },
  async run({ words, options, session }) {
    const [from = '', target = ''] = words;
    const request = await readRestoreRequest(from, target, options, session.world);
    const { reporter, screen } = session;
    reporter.tellWith(tellCopy(restoreTale(request), screen.colours.out, screen.width));
    await using program = await session.open();
    return (await tasks.restore(program, request)).exitCode;
  },
};

/** What is told of a restore. */
export function restoreTale({ from, target, dryRun }: Pick<RestoreRequest, 'from' | 'target' | 'dryRun'>): CopyTale {
  const [source, to] = [escapeName(from), escapeName(target)];
  return {
    done: `Restored ${source} to ${to}`,
    doing: `Restoring ${source} to ${to}`,
    dryRun,
    planHeadings: {
      copy: { before: 'bring back' },
      replace: { before: 'replace', note: 'the old ones are gone for good' },
      move: { before: 'move', after: ' in the target' },
      metadata: { before: 'update permissions, owner or times of' },
      retire: { before: 'delete', after: ' from the target, for good' },
    },
    lostRows: ({ counts }, { replaced }) => [
      ...(replaced > 0 ? [['Replaced', formatCount(replaced, 'item')] as const] : []),
      ...(counts.retired > 0 ? [['Deleted', formatCount(counts.retired, 'item')] as const] : []),
    ],
    advice: () => [],
  };
}
