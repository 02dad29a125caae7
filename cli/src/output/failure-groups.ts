import { errorTable, formatCount, type ItemEvent } from '@holdfast/core';
import { escapeMessage, escapeName } from '../terminal/escape-text.ts';
import { wrapText } from '../terminal/wrap-text.ts';

const SHOWN = 5;

interface FailureGroup {
  readonly title: string;
  readonly hint: string;
  readonly paths: string[];
  count: number;
}

/** What could not be done, by its cause. */
export class FailureGroups {
  readonly #groups = new Map<string, FailureGroup>();
  /** Directories that could not be listed: that they could not be copied either is no other failure. */
  readonly #skipped = new Set<string>();

  get count(): number {
    return [...this.#groups.values()].reduce((sum, { count }) => sum + count, 0);
  }

  add({ op, path, reason, error }: ItemEvent): void {
    if (error === undefined || this.#skipped.has(path)) return;
    if (op === 'skip') this.#skipped.add(path);
    const known = isKnown(error.code) ? errorTable[error.code] : undefined;
    const title = op === 'verify' && reason === 'missing' ? 'missing at the destination' : (known?.title ?? error.message);
    const hint = error.hint ?? known?.hint ?? '';
    const key = `${title}\n${hint}`;
    const group = this.#groups.get(key) ?? { title, hint, paths: [], count: 0 };
    this.#groups.set(key, group);
    group.count++;
    if (group.paths.length < SHOWN) group.paths.push(path);
  }

  /** A paragraph for each cause, the most frequent first: how many, the first few paths, what to do. */
  describe(width: number): string[] {
    const groups = [...this.#groups.values()].sort((a, b) => b.count - a.count);
    return groups.flatMap(({ title, hint, paths, count }) => [
      `  ${escapeMessage(title)}: ${formatCount(count, 'item')}`,
      ...paths.map((path) => `    ${path === '' ? '.' : escapeName(path)}`),
      ...(count > paths.length ? [`    and ${formatCount(count - paths.length)} more; -v names all`] : []),
      ...(hint === '' ? [] : wrapText(escapeMessage(hint), width, '  ')),
    ]);
  }
}

function isKnown(code: string): code is keyof typeof errorTable {
  return Object.hasOwn(errorTable, code);
}
