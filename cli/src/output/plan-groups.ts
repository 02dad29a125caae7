import { formatCount, formatSize, type PlanEvent } from '@holdfast/core';
import { escapeName } from '../terminal/escape-text.ts';
import { keepEnd, textWidth } from '../terminal/text-width.ts';
import { isReplacement, reasonWords } from './reason-words.ts';

/** Items of a group that are kept to be shown. */
const SHOWN = 10;
const SHOWN_WHEN_VERBOSE = 100_000;

/** In the order in which they are shown. */
export type PlanGroupName = 'copy' | 'replace' | 'move' | 'metadata' | 'retire';
const groupNames: readonly PlanGroupName[] = ['copy', 'replace', 'move', 'metadata', 'retire'];

/** What a group does, as it stands around its count: `put 3 items into the safety net`; `note` ends the line. */
interface PlanHeading {
  readonly before: string;
  readonly after?: string;
  readonly note?: string;
}
export type PlanHeadings = Readonly<Record<PlanGroupName, PlanHeading>>;

interface PlanGroup {
  readonly items: PlanEvent[];
  readonly reasons: Map<string, number>;
  count: number;
  bytes: bigint;
}

/** What a dry run would do, by operation. */
export class PlanGroups {
  readonly #groups = new Map<PlanGroupName, PlanGroup>();
  readonly #limit: number;

  constructor(isVerbose: boolean) {
    this.#limit = isVerbose ? SHOWN_WHEN_VERBOSE : SHOWN;
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  add(event: PlanEvent): void {
    const name = groupOf(event);
    if (name === undefined) return;
    const group: PlanGroup = this.#groups.get(name) ?? { items: [], reasons: new Map(), count: 0, bytes: 0n };
    this.#groups.set(name, group);
    group.count++;
    group.bytes += event.bytes;
    const reason = reasonWords[event.reason];
    group.reasons.set(reason, (group.reasons.get(reason) ?? 0) + 1);
    if (group.items.length < this.#limit) group.items.push(event);
  }

  /** Each group under a heading with its totals and reasons. */
  describe(headings: PlanHeadings, width: number): string[] {
    return groupNames.flatMap((name) => {
      const group = this.#groups.get(name);
      return group === undefined ? [] : [describeHeading(name, group, headings[name]), ...this.#describeItems(group, width)];
    });
  }

  #describeItems(group: PlanGroup, width: number): string[] {
    const hasReasons = group.reasons.size > 1;
    const lines = group.items.map((event) => describeItem(event, hasReasons, width));
    const more = group.count - group.items.length;
    if (more === 0) return lines;
    const how = this.#limit === SHOWN ? '-v lists all' : '--json lists all';
    return [...lines, `    and ${formatCount(more)} more; ${how}`];
  }
}

function groupOf({ op, reason }: PlanEvent): PlanGroupName | undefined {
  switch (op) {
    case 'store':
    case 'patch':
    case 'link':
      return isReplacement(reason) ? 'replace' : 'copy';
    case 'move':
    case 'metadata':
    case 'retire':
      return op;
    case 'keep':
      return undefined;
    default:
      return op satisfies never;
  }
}

function describeHeading(name: PlanGroupName, group: PlanGroup, { before, after = '', note }: PlanHeading): string {
  const { count, bytes } = group;
  const size = bytes === 0n ? '' : `, ${formatSize(bytes)}`;
  return `  ${before} ${formatCount(count, 'item')}${after}${size}${describeReasons(name, group)}${note === undefined ? '' : `; ${note}`}`;
}

/** Other groups have one reason each, which their heading says. */
function describeReasons(name: PlanGroupName, { reasons }: PlanGroup): string {
  if (reasons.size === 1) return name === 'replace' ? ` (${[...reasons.keys()].join()})` : '';
  const sorted = [...reasons].sort((a, b) => b[1] - a[1]);
  return ` (${sorted.map(([reason, count]) => `${formatCount(count)} ${reason}`).join(', ')})`;
}

function describeItem({ path, from, bytes, reason }: PlanEvent, hasReasons: boolean, width: number): string {
  const notes = [...(bytes === 0n ? [] : [formatSize(bytes)]), ...(hasReasons ? [reasonWords[reason]] : [])].join('  ');
  const name = path === '' ? '.' : escapeName(path);
  const shown = from === undefined ? name : `${escapeName(from)} -> ${name}`;
  const room = width - 4 - textWidth(notes) - 2;
  // A name is never cut: it may be copied from here. One that is too long has a line of its own.
  if (notes === '') return `    ${shown}`;
  return textWidth(shown) <= room
    ? `    ${shown}${' '.repeat(room - textWidth(shown))}  ${notes}`
    : `    ${shown}\n      ${keepEnd(notes, width - 6)}`;
}
