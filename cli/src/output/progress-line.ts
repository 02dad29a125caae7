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
  const { phase, done, total, rate, etaSeconds, current } = event;
  const parts = [phaseWords[phase] + formatShare(event)];
  const optional = [
    done.files > 0 || total !== undefined ? formatFiles(done.files, total?.files) : '',
    formatBytes(done.bytes, total?.bytes),
    done.bytes > 0n && rate > 0 ? formatRate(rate) : '',
    etaSeconds !== undefined && done.bytes > 0n && etaSeconds >= 0.5 ? `${formatDuration(etaSeconds * 1000)} left` : '',
  ];
  for (const part of optional) if (part !== '' && textWidth([...parts, part].join('  ')) <= width) parts.push(part);
  const line = parts.join('  ');
  const room = width - textWidth(line) - 2;
  if (current === undefined || room < SHORTEST_NAME) return keepStart(line, width, ellipsis);
  return `${line}  ${keepEnd(escapeName(current), room, ellipsis)}`;
}

function formatShare({ done, total }: ProgressEvent): string {
  if (total === undefined) return '';
  const [part, whole] = total.bytes > 0n ? [Number(done.bytes), Number(total.bytes)] : [done.files, total.files];
  return whole === 0 ? '' : ` ${Math.min(100, Math.floor((100 * part) / whole))}%`;
}

function formatFiles(done: number, total: number | undefined): string {
  return total === undefined ? formatCount(done, 'item') : `${formatCount(done)} of ${formatCount(total, 'item')}`;
}

function formatBytes(done: bigint, total: bigint | undefined): string {
  if (total === undefined) return done === 0n ? '' : formatSize(done);
  return total === 0n ? '' : `${formatSize(done)} of ${formatSize(total)}`;
}
