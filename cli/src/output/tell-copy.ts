import { formatCount, formatDuration, type SummaryEvent } from '@holdfast/core';
import type { Colours } from '../terminal/colours.ts';
import type { PlanHeadings } from './plan-groups.ts';
import type { RunStory, StoryTeller } from './reporter.ts';
import type { RunTally } from './run-tally.ts';
import { formatAmount, formatRows, type SummaryRow, troubleRows, verifiedRows } from './summary-rows.ts';

/** What is told of a verb that copies. */
export interface CopyTale {
  /** What was done, for example `Cloned /a to /b`. */
  readonly done: string;
  /** What a dry run says it would do, for example `Cloning /a to /b`. */
  readonly doing: string;
  readonly dryRun: boolean;
  /** What becomes of what is replaced and deleted. */
  readonly planHeadings: PlanHeadings;
  /** Rows of what was replaced and deleted. */
  lostRows(summary: SummaryEvent, tally: RunTally): readonly SummaryRow[];
  /** What to do after a run that went well. */
  advice(summary: SummaryEvent, tally: RunTally): readonly string[];
}

/** Tells how clone or restore ended: what became of everything, how it was proved, how long it took, what to do next. */
export function tellCopy(tale: CopyTale, colours: Colours, width: number): StoryTeller {
  return (summary, tally) => {
    if (tale.dryRun && summary.status !== 'interrupted' && tally.error === undefined)
      return tellPlan(tale, summary, tally, colours, width);
    const outcome = [titleOf(tale, summary, tally, colours), ...formatRows(rowsOf(tale, summary, tally))];
    return { outcome: tally.error !== undefined && nothingDone(summary) ? [] : outcome, next: nextSteps(tale, summary, tally) };
  };
}

function titleOf(
  { done, doing }: CopyTale,
  summary: SummaryEvent,
  tally: RunTally,
  { green, yellow, red, bold }: Colours,
): string {
  const took = formatDuration(summary.seconds * 1000);
  const wrong = summary.counts.failed + summary.counts.skipped;
  switch (summary.status) {
    case 'ok':
      return bold(
        green(`${done} in ${took}${nothingDone(summary) && tally.error === undefined ? ': nothing had changed' : ''}.`),
      );
    case 'partial':
      return bold(yellow(`${done} in ${took}, except for ${formatCount(wrong, 'item')}.`));
    case 'interrupted':
      return bold(yellow(`${doing} was interrupted after ${took}. What is listed here is done and whole.`));
    case 'refused':
    case 'failed':
      return bold(red(`${doing} ended after ${took} before it was done. What is listed here is done and whole.`));
    default:
      return summary.status satisfies never;
  }
}

function rowsOf(tale: CopyTale, summary: SummaryEvent, tally: RunTally): SummaryRow[] {
  const { counts, bytes } = summary;
  const rows: SummaryRow[] = [];
  if (counts.stored > 0) rows.push(['Copied', formatAmount(counts.stored, bytes.stored)]);
  if (counts.renamed > 0) rows.push(['Moved', `${formatCount(counts.renamed, 'item')}, without copying again`]);
  if (counts.metadata > 0) rows.push(['Updated', `${formatCount(counts.metadata, 'item')}: only permissions, owner or times`]);
  if (counts.kept > 0) rows.push(['Unchanged', formatCount(counts.kept, 'item')]);
  if (counts.excluded > 0) rows.push(['Left out', `${formatCount(counts.excluded, 'item')}, by your rules`]);
  rows.push(...tale.lostRows(summary, tally), ...troubleRows(summary), ...verifiedRows(summary));
  if (summary.snapshotId !== undefined) rows.push(['Version', summary.snapshotId]);
  return rows;
}

function nextSteps(tale: CopyTale, summary: SummaryEvent, tally: RunTally): readonly string[] {
  switch (summary.status) {
    case 'ok':
      return tale.advice(summary, tally);
    case 'partial':
      return ['Put right what is named above, then run the same command again: it does only what is missing.'];
    case 'interrupted':
    case 'refused':
    case 'failed':
      // The error that ended it says what to do.
      return [];
    default:
      return summary.status satisfies never;
  }
}

function tellPlan(
  { doing, planHeadings }: CopyTale,
  summary: SummaryEvent,
  { plan }: RunTally,
  { bold }: Colours,
  width: number,
): RunStory {
  const { counts } = summary;
  const rest: SummaryRow[] = [
    ...(counts.kept > 0 ? [['Unchanged', formatCount(counts.kept, 'item')] as const] : []),
    ...(counts.excluded > 0 ? [['Left out', `${formatCount(counts.excluded, 'item')}, by your rules`] as const] : []),
    ...troubleRows(summary),
  ];
  const heading = plan.isEmpty ? `${doing} would change nothing.` : `${doing} would`;
  return {
    outcome: [bold(heading), ...plan.describe(planHeadings, width - 1), ...formatRows(rest)],
    next: ['This was a dry run: nothing was changed.'],
  };
}

function nothingDone({ counts }: SummaryEvent): boolean {
  return counts.stored + counts.metadata + counts.renamed + counts.retired + counts.failed === 0;
}
