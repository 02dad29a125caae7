import { formatCount, formatSize, type SummaryEvent } from '@holdfast/core';

/** A line of a summary: what, and how much of it. Further lines stand below the second. */
export type SummaryRow = readonly [label: string, ...lines: string[]];

const LABEL_WIDTH = 12;

/** Rows as lines, indented, their second column aligned. */
export function formatRows(rows: readonly SummaryRow[]): string[] {
  return rows.flatMap(([label, ...lines]) =>
    lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`),
  );
}

/** `1,234 items, 4.00 GiB`; the bytes are left out where there are none. */
export function formatAmount(items: number, bytes: bigint, singular = 'item'): string {
  return bytes === 0n ? formatCount(items, singular) : `${formatCount(items, singular)}, ${formatSize(bytes)}`;
}

/** How what was copied was proved; no row where nothing was. */
export function verifiedRows({ verified }: SummaryEvent): SummaryRow[] {
  if (verified.files === 0) return [];
  return [['Verified', `${formatAmount(verified.files, verified.bytes, 'file')}, by ${verified.method}`]];
}

/** What was not done: no row where everything was. */
export function troubleRows({ counts }: SummaryEvent): SummaryRow[] {
  const rows: SummaryRow[] = [];
  if (counts.skipped > 0) rows.push(['Skipped', formatCount(counts.skipped, 'item')]);
  if (counts.failed > 0) rows.push(['Failed', formatCount(counts.failed, 'item')]);
  return rows;
}
