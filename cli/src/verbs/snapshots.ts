import { formatCount, formatSize, type SnapshotLine, tasks } from '@holdfast/core';
import { formatTable } from '../output/format-table.ts';
import { formatTime } from '../output/format-time.ts';
import type { Verb } from '../program/verb.ts';

const columns = [
  { title: 'VERSION' },
  { title: 'TAKEN' },
  { title: 'STATUS' },
  { title: 'ITEMS', align: 'right' },
  { title: 'COPIED', align: 'right' },
  { title: 'KEPT', align: 'right' },
] as const;

export const snapshotsVerb: Verb = {
  examples: [
    ['holdfast snapshots /mnt/backup/home', 'list the versions, the oldest first'],
    ['holdfast snapshots --json /mnt/backup/home | jq -r "select(.type==\\"snapshot\\").id"', 'their ids, for a script'],
  ],
  description: [
    'Lists the versions of LOCATION. COPIED is what the run copied; KEPT is what it replaced or deleted and put into the safety net, out of which the versions before it are restored.',
    'With --json each version is an object {type:"snapshot", time, finished, id, status, entries, stored, retired, bytesStored, archived:{files, bytes, pruned}}; time is when it began.',
  ],
  define(command) {
    command.argument('<LOCATION>', 'a clone');
  },
  async run({ words, session }) {
    await using program = await session.open();
    const lines: SnapshotLine[] = [];
    for await (const line of tasks.listSnapshots(program, words[0] ?? '')) lines.push(line);
    const [titles = '', ...rows] = formatTable(columns, lines.map(describe));
    if (lines.length === 0) session.reporter.note('There is no version yet.');
    for (const [index, line] of lines.entries()) {
      const text = (): string =>
        index === 0 ? `${session.screen.colours.out.bold(titles)}\n${rows[index]}` : (rows[index] ?? '');
      session.reporter.result({ type: 'snapshot', record: line, text });
    }
    return 0;
  },
};

function describe({ id, time, status, entries, bytesStored, archived }: SnapshotLine): string[] {
  const kept = archived.pruned ? 'pruned' : archived.files === 0 ? '-' : formatSize(archived.bytes);
  return [id, formatTime(new Date(time)), status, formatCount(entries), formatSize(bytesStored), kept];
}
