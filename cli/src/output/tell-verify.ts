import { formatCount, formatDuration, type SummaryEvent } from '@holdfast/core';
import type { Colours } from '../terminal/colours.ts';
import type { StoryTeller } from './reporter.ts';
import type { RunTally } from './run-tally.ts';
import { shellQuote } from './shell-quote.ts';
import { formatAmount, formatRows, type SummaryRow } from './summary-rows.ts';

export interface VerifyTale {
  readonly location: string;
  /** With what it is compared, where not with the records. */
  readonly against?: string | undefined;
  readonly repairs: boolean;
}

/** Tells what a verification found. */
export function tellVerify(tale: VerifyTale, colours: Colours): StoryTeller {
  return (summary, tally) => {
    if (tally.error !== undefined && summary.verified.files === 0) return { outcome: [], next: [] };
    return {
      outcome: [titleOf(tale, summary, tally, colours), ...formatRows(rowsOf(summary, tally))],
      next: nextSteps(tale, summary, tally),
    };
  };
}

function titleOf(
  { location, against }: VerifyTale,
  { status, counts, seconds }: SummaryEvent,
  { error }: RunTally,
  colours: Colours,
): string {
  const { green, yellow, red, bold } = colours;
  const took = formatDuration(seconds * 1000);
  if (status === 'interrupted') return bold(yellow(`Verifying ${location} was interrupted after ${took}.`));
  if (error !== undefined) return bold(red(`Verifying ${location} ended after ${took} before it was done.`));
  const basis = against === undefined ? 'as it was recorded' : `as in ${against}`;
  if (counts.failed + counts.skipped === 0) return bold(green(`Verified ${location} in ${took}: everything is ${basis}.`));
  const paint = counts.failed > 0 ? red : yellow;
  return bold(paint(`Verified ${location} in ${took}: not everything is ${basis}.`));
}

function rowsOf({ counts, verified }: SummaryEvent, { found, repaired }: RunTally): SummaryRow[] {
  const rows: SummaryRow[] = [['Good', formatCount(counts.kept, 'item')]];
  if (verified.files > 0) rows.push(['Read', `${formatAmount(verified.files, verified.bytes, 'file')}, by ${verified.method}`]);
  if (found.damaged > 0) rows.push(['Damaged', formatCount(found.damaged, 'item')]);
  if (found.missing > 0) rows.push(['Missing', formatCount(found.missing, 'item')]);
  if (found.changed > 0) rows.push(['Changed', formatCount(found.changed, 'item')]);
  if (counts.skipped > 0) rows.push(['Skipped', formatCount(counts.skipped, 'item')]);
  if (repaired > 0) rows.push(['Put right', formatCount(repaired, 'item')]);
  return rows;
}

function nextSteps({ location, against, repairs }: VerifyTale, { counts }: SummaryEvent, { found, error }: RunTally): string[] {
  if (counts.failed === 0 || error !== undefined) return [];
  if (against !== undefined) return [`Clone again to make ${location} the same.`];
  if (found.damaged + found.missing === 0) return ['Clone again to put back what the source has.'];
  if (repairs) return ['What could not be put right may still be in the source or in another clone.'];
  return [
    `Put it right with: holdfast verify ${shellQuote(location)} --repair-from SOURCE`,
    'Damage that comes back is a sign of a failing disk.',
  ];
}
