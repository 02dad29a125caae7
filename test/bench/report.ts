import type { Goal, Outcome, Row } from './bench-case.ts';

/** The section of a case: what was done, what it took, and whether the goals are met. */
export function describeOutcome({ title, method, rounds, rows, goals }: Outcome): string {
  return [
    `## ${title}`,
    '',
    `${method} ${rounds === 1 ? 'One run.' : `Medians of ${rounds} rounds, by turns.`}`,
    '',
    '| command | wall ms (shortest to longest) | user ms | system ms | peak MB |',
    '|---|--:|--:|--:|--:|',
    ...rows.map(describeRow),
    '',
    '| goal | measured | at most | |',
    '|---|--:|--:|---|',
    ...goals.map(describeGoal),
    '',
  ].join('\n');
}

export function isMet({ measured, atMost }: Goal): boolean {
  return measured <= atMost;
}

function describeRow({ name, median, spreadMs: [least, most] }: Row): string {
  const { wallMs, userMs, systemMs, peakKiB } = median;
  const whole = [`${wallMs.toFixed(0)} (${least.toFixed(0)} to ${most.toFixed(0)})`, userMs.toFixed(0), systemMs.toFixed(0)];
  return `| \`${name}\` | ${whole.join(' | ')} | ${((peakKiB * 1024) / 1e6).toFixed(0)} |`;
}

function describeGoal(goal: Goal): string {
  const write = (value: number): string => (goal.unit === '' ? value.toFixed(2) : `${value.toFixed(0)} ${goal.unit}`);
  return `| ${goal.what} | ${write(goal.measured)} | ${write(goal.atMost)} | ${isMet(goal) ? 'met' : '**not met**'} |`;
}
