import { archiveKey, type CloneRequest, formatCount, type SummaryEvent, tasks } from '@holdfast/core';
import { addCloneOptions, readCloneRequest } from '../options/clone-options.ts';
import type { RunTally } from '../output/run-tally.ts';
import { shellQuote } from '../output/shell-quote.ts';
import type { SummaryRow } from '../output/summary-rows.ts';
import { type CopyTale, tellCopy } from '../output/tell-copy.ts';
import type { Verb } from '../program/verb.ts';
import { escapeName } from '../terminal/escape-text.ts';

export const cloneVerb: Verb = {
  examples: [
    ['holdfast clone /home /mnt/backup/home', 'make a copy, or bring it up to date'],
    ['holdfast clone -n /home /mnt/backup/home', 'show what that would do and why'],
    ['holdfast clone --exclude "*.tmp" --exclude-caches /home /mnt/backup/home', 'leave some things out'],
    [
      'holdfast clone --verify=readback --safety-net-keep 90d /home /mnt/backup/home',
      'prove each byte; keep what is replaced for 90 days',
    ],
  ],
  description: [
    'Makes DESTINATION a browsable 1:1 copy of what is in SOURCE. Later runs copy only what changed. What they replace or delete is kept in the safety net, in DESTINATION/.holdfast/archive, for 30 days and while 10% of the disk are free.',
    'A run that looks wrong (the source is empty or another disk, too much would be deleted) is refused with exit code 7 and changes nothing.',
  ],
  tooManyWords: 'clone takes one source and one destination for now.',
  define(command) {
    command.argument('<SOURCE>', 'what to copy').argument('<DESTINATION>', 'where to');
    addCloneOptions(command);
  },
  async run({ words, options, session }) {
    const [source = '', destination = ''] = words;
    const request = await readCloneRequest(source, destination, options);
    const { reporter, screen } = session;
    reporter.tellWith(tellCopy(cloneTale(request), screen.colours.out, screen.width));
    await using program = await session.open();
    return (await tasks.clone(program, request)).exitCode;
  },
};

/** What is told of a clone. */
export function cloneTale({
  source,
  destination,
  dryRun,
  safetyNet,
}: Pick<CloneRequest, 'source' | 'destination' | 'dryRun' | 'safetyNet'>): CopyTale {
  const [from, to] = [escapeName(source), escapeName(destination)];
  const gone = { after: ` that the source no longer has${safetyNet ? ' into the safety net' : ' for good'}` };
  return {
    done: `Cloned ${from} to ${to}`,
    doing: `Cloning ${from} to ${to}`,
    dryRun,
    planHeadings: {
      copy: { before: 'copy' },
      replace: { before: 'replace', note: safetyNet ? 'the old ones go into the safety net' : 'the old ones are gone for good' },
      move: { before: 'move', after: ' at the destination, without copying again' },
      metadata: { before: 'update permissions, owner or times of' },
      retire: { before: safetyNet ? 'put' : 'delete', ...gone },
    },
    lostRows: (summary, tally) => lostRows(to, safetyNet, summary, tally),
    advice: ({ counts }, { replaced }) =>
      adviceAfter(
        { first: counts.kept + counts.retired + replaced === 0, displaced: safetyNet && counts.retired + replaced > 0 },
        destination,
      ),
  };
}

/** What to try next, after a first run and after one that put something into the safety net. */
function adviceAfter(
  { first, displaced }: { readonly first: boolean; readonly displaced: boolean },
  destination: string,
): string[] {
  const place = shellQuote(destination);
  if (displaced) return [`To bring something back: holdfast restore ${place} TARGET --at latest~1 --path PATH`];
  if (!first) return [];
  return [
    'The same command again copies only what changed; with -n it shows what it would do.',
    `To see the versions: holdfast snapshots ${place}`,
    `To get all of it back: holdfast restore ${place} TARGET`,
  ];
}

function lostRows(to: string, safetyNet: boolean, { counts, snapshotId }: SummaryEvent, { replaced }: RunTally): SummaryRow[] {
  const { retired } = counts;
  if (retired + replaced === 0) return [];
  const what = [
    ...(replaced > 0 ? [`${formatCount(replaced)} replaced`] : []),
    ...(retired > 0 ? [`${formatCount(retired)} deleted`] : []),
  ].join(', ');
  if (!safetyNet) return [['Gone', `${what}, for good`]];
  // An interrupted run has no version to name its folder by.
  const folder = snapshotId === undefined ? '.holdfast/archive' : archiveKey(snapshotId);
  return [['Safety net', what, `in ${to.replace(/\/+$/, '')}/${folder}`]];
}
