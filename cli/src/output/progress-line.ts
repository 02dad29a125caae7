import { formatCount, formatDuration, formatRate, formatSize, type Phase, type ProgressEvent } from '@holdfast/core';
import { escapeName } from '../terminal/escape-text.ts';
import { keepEnd, keepStart, textWidth } from '../terminal/text-width.ts';

const phaseWords: Readonly<Record<Phase, string>> = {
  scan: 'Scanning',
  compare: 'Comparing',
  transfer: 'Copying',
  retire: 'Deleting',
  settle: 'Finishing',
  commit: 'Recording',
  verify: 'Verifying',
  prune: 'Pruning the safety net',
};

/** A name shorter than this says nothing. */
const SHORTEST_NAME = 12;

/** The live line: phase, share, files, bytes, rate, time left, current file; in at most `width` cells, the less important left out. */
export function formatProgress(event: ProgressEvent, width: number, ellipsis = '…'): string {
  const { current } = event;
  const long = join(longParts(event), width);
  // The current file is worth more than words are.
  const line = current === undefined || width - textWidth(long) - 2 >= SHORTEST_NAME ? long : join(shortParts(event), width);
  const room = width - textWidth(line) - 2;
  if (current === undefined || room < SHORTEST_NAME) return keepStart(line, width, ellipsis);
  return `${line}  ${keepEnd(escapeName(current), room, ellipsis)}`;
}

/** As many parts as fit, the first always. */
function join(parts: readonly string[], width: number): string {
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line}  ${part}`;
    if (part !== '' && (line === '' || textWidth(longer) <= width)) line = longer;
  }
  return line;
}

/** `Copying 30%  1,234 of 50,000 items  1.20 GiB of 4.00 GiB  98.2 MiB/s  29 s left` */
function longParts(event: ProgressEvent): string[] {
  const { phase, done, total } = event;
  const files =
    total === undefined ? formatCount(done.files, 'item') : `${formatCount(done.files)} of ${formatCount(total.files, 'item')}`;
  const bytes = total === undefined ? formatSize(done.bytes) : `${formatSize(done.bytes)} of ${formatSize(total.bytes)}`;
  return [
    phaseWords[phase] + formatShare(event),
    isCounted(event) ? files : '',
    (total?.bytes ?? done.bytes) === 0n ? '' : bytes,
    ...paceParts(event),
  ];
}

/** `Copying 30% of 4.00 GiB  1,234/50,000  98.2 MiB/s  29 s left` */
function shortParts(event: ProgressEvent): string[] {
  const { phase, done, total } = event;
  const size = total === undefined || total.bytes === 0n ? '' : ` of ${formatSize(total.bytes)}`;
  const files = total === undefined ? formatCount(done.files) : `${formatCount(done.files)}/${formatCount(total.files)}`;
  return [phaseWords[phase] + formatShare(event) + size, isCounted(event) ? files : '', ...paceParts(event)];
}

function paceParts({ done, rate, etaSeconds }: ProgressEvent): string[] {
  if (done.bytes === 0n || rate <= 0) return [];
  return [formatRate(rate), etaSeconds !== undefined && etaSeconds >= 0.5 ? `${formatDuration(etaSeconds * 1000)} left` : ''];
}

function isCounted({ done, total }: ProgressEvent): boolean {
  return done.files > 0 || total !== undefined;
}

function formatShare({ done, total }: ProgressEvent): string {
  if (total === undefined) return '';
  const [part, whole] = total.bytes > 0n ? [Number(done.bytes), Number(total.bytes)] : [done.files, total.files];
  return whole === 0 ? '' : ` ${Math.min(100, Math.floor((100 * part) / whole))}%`;
}
