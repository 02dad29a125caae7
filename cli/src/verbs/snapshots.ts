import { formatCount, formatSize, type RepositorySnapshotLine, type SnapshotLine, tasks } from '@holdfast/core';
import { addRepositoryOptions, readRepositoryAccess } from '../options/repository-options.ts';
import { type Column, formatTable } from '../output/format-table.ts';
import { formatTime } from '../output/format-time.ts';
import type { Session } from '../program/session.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

const runColumns: readonly Column[] = [
  { title: 'VERSION' },
  { title: 'TAKEN' },
  { title: 'STATUS' },
  { title: 'ITEMS', align: 'right' },
  { title: 'COPIED', align: 'right' },
  { title: 'KEPT', align: 'right' },
];

const versionColumns: readonly Column[] = [
  { title: 'VERSION' },
  { title: 'TAKEN' },
  { title: 'HOST' },
  { title: 'TAGS' },
  { title: 'SIZE', align: 'right' },
  { title: 'PATHS' },
];

export const snapshotsVerb: Verb = {
  examples: [
    ['holdfast snapshots /mnt/backup/home', 'list the versions, the oldest first'],
    ['holdfast snapshots /mnt/backup/repo', 'the same of a repository; asks for its password'],
    ['holdfast snapshots --json /mnt/backup/home | jq -r "select(.type==\\"snapshot\\").id"', 'their ids, for a script'],
  ],
  description: [
    'Lists the versions of LOCATION. COPIED is what the run copied; KEPT is what it replaced or deleted and put into the safety net, out of which the versions before it are restored.',
    'With --json each version is an object {type:"snapshot", time, finished, id, status, entries, stored, retired, bytesStored, archived:{files, bytes, pruned}}; time is when it began.',
    'Of a repository it is {type:"snapshot", time, id, tree, parent?, original?, paths, hostname, username, tags, excludes, programVersion, files?, bytes?, bytesAdded?}; ids have 64 digits, of which the beginning is enough; files and bytes are what was backed up, bytesAdded what that took.',
  ],
  define(command) {
    command.argument('<LOCATION>', 'a clone or a repository');
    addRepositoryOptions(command);
  },
  async run({ words, options, session }) {
    const access = readRepositoryAccess(words[0] ?? '', options, session.world);
    await using program = await session.open();
    const lines: (SnapshotLine | RepositorySnapshotLine)[] = [];
    try {
      for await (const line of tasks.listSnapshots(program, access)) lines.push(line);
    } finally {
      // What could be read is shown also where some could not.
      show(lines, session);
    }
    if (lines.length === 0) session.reporter.note('There is no version yet.');
    return 0;
  },
};

function show(lines: readonly (SnapshotLine | RepositorySnapshotLine)[], { reporter, screen }: Session): void {
  const isRepository = lines.some((line) => 'tree' in line);
  const rows = lines.map((line) => ('tree' in line ? describeVersion(line) : describeRun(line)));
  const [titles = '', ...texts] = formatTable(isRepository ? versionColumns : runColumns, rows);
  for (const [index, record] of lines.entries()) {
    const text = (): string => (index === 0 ? `${screen.colours.out.bold(titles)}\n${texts[0] ?? ''}` : (texts[index] ?? ''));
    reporter.result({ type: 'snapshot', record, text });
  }
}

function describeVersion({ id, time, hostname, tags, bytes, paths }: RepositorySnapshotLine): string[] {
  const listed = (names: readonly string[]): string => names.map(escapeName).join(', ') || '-';
  const size = bytes === undefined ? '-' : formatSize(bytes);
  return [id.slice(0, 8), formatTime(new Date(time)), escapeName(hostname), listed(tags), size, listed(paths)];
}

function describeRun({ id, time, status, entries, bytesStored, archived }: SnapshotLine): string[] {
  const kept = archived.pruned ? 'pruned' : archived.files === 0 ? '-' : formatSize(archived.bytes);
  return [id, formatTime(new Date(time)), status, formatCount(entries), formatSize(bytesStored), kept];
}
