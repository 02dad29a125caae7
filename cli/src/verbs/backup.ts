import { type BackupRequest, formatSize, type SummaryEvent, tasks } from '@holdfast/core';
import { addBackupOptions, readBackupRequests } from '../options/backup-options.ts';
import { shellQuote } from '../output/shell-quote.ts';
import { type CopyTale, tellCopy } from '../output/tell-copy.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

export const backupVerb: Verb = {
  examples: [
    ['holdfast backup /home --repo /mnt/backup/repo', 'make a new version of a folder'],
    ['holdfast backup -n /home --repo /mnt/backup/repo', 'show what that would store'],
    [
      'holdfast backup /home /etc --repo /mnt/backup/repo --tag daily --exclude-caches',
      'several folders in one version, without caches',
    ],
    [
      'holdfast backup --stdin all.sql --stdin-from-command "mysqldump --all-databases" --repo /mnt/backup/repo',
      'what another program prints',
    ],
  ],
  description: [
    "Makes a version of each SOURCE together in the repository at --repo, encrypted, in restic's format. What any version in it has already is not stored again; files that did not change since the last version are not even read.",
    'A file that cannot be read is named, the version is made without it, and the exit code is 1. After Ctrl-C there is no version, but what was stored is not stored again by the next run.',
    'The password of the repository comes from HOLDFAST_PASSWORD, --password-file or --password-command, or is asked for.',
  ],
  define(command) {
    command.argument('[SOURCE...]', 'what to back up: folders, files');
    addBackupOptions(command);
  },
  async run({ words, options, session }) {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    const sources = words.filter((word) => word !== undefined);
    const requests = await readBackupRequests(sources, options, session.world, manifest.version);
    const { reporter, screen } = session;
    reporter.tellWith(tellCopy(backupTale(requests), screen.colours.out, screen.width));
    await using program = await session.open();
    return (await tasks.backup(program, requests)).exitCode;
  },
};

/** What is told of a backup. */
export function backupTale(requests: readonly BackupRequest[]): CopyTale {
  const [first] = requests;
  const what = first?.stream?.name ?? first?.sources.join(', ') ?? '';
  const places = requests.map(({ repository }) => repository.location);
  const [from, to] = [escapeName(what), escapeName(places.join(', '))];
  return {
    done: `Backed up ${from} to ${to}`,
    doing: `Backing up ${from} to ${to}`,
    dryRun: first?.dryRun === true,
    planHeadings: {
      copy: { before: 'store' },
      replace: { before: 'store', note: 'earlier versions keep the old ones' },
      move: { before: 'move' },
      metadata: { before: 'note new permissions, owner or times of' },
      retire: { before: 'leave out' },
    },
    lostRows: ({ bytes }) => (bytes.written === 0n ? [] : [['Added', addedText(bytes)]]),
    advice: (summary) => adviceAfter(summary, places[0] ?? ''),
  };
}

function addedText({ written }: SummaryEvent['bytes']): string {
  return `${formatSize(written)} to the repository`;
}

function adviceAfter({ snapshotId }: SummaryEvent, place: string): string[] {
  if (snapshotId === undefined) return [];
  return [`To bring it back: holdfast restore ${shellQuote(place)} TARGET`];
}
