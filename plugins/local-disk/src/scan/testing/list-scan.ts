import {
  encodeText,
  type Entry,
  type EntryBlock,
  EntryCursor,
  type RelPath,
  type ScanSkip,
  type Selection,
} from '@holdfast/core/plugin';
import { closeFd, openPath } from '../../syscalls/open.ts';
import { O_DIRECTORY } from '../../syscalls/open-flags.ts';
import { scanTree, type ScanTreeOptions } from '../scan-tree.ts';

export const everything: Selection = {
  rules: [],
  excludeIfPresent: [],
  excludeCaches: false,
  oneFileSystem: false,
  paths: [],
  includeState: false,
};

export interface ScanReport {
  readonly entries: Entry[];
  readonly blocks: EntryBlock[];
  readonly skips: ScanSkip[];
  readonly leftovers: RelPath[];
  excluded: number;
}

/** Scans a directory to its end and keeps what came out. */
export async function scanAll(root: string, options: Partial<ScanTreeOptions> = {}): Promise<ScanReport> {
  const report: ScanReport = { entries: [], blocks: [], skips: [], leftovers: [], excluded: 0 };
  const fd = openPath(root, O_DIRECTORY);
  try {
    const blocks = scanTree(fd, {
      selection: everything,
      onSkip: (skip) => report.skips.push(skip),
      onExclude: (count) => (report.excluded += count),
      onLeftover: (path) => report.leftovers.push(path),
      ...options,
    });
    const cursor = new EntryCursor(keep(blocks, report));
    for (await cursor.start(); !cursor.done; ) {
      report.entries.push(cursor.entry());
      if (!cursor.advance()) await cursor.refill();
    }
  } finally {
    closeFd(fd);
  }
  return report;
}

async function* keep(blocks: AsyncIterable<EntryBlock>, report: ScanReport): AsyncGenerator<EntryBlock> {
  for await (const block of blocks) {
    report.blocks.push(block);
    yield block;
  }
}

/** Paths alone, as latin1 text of their bytes. */
export function pathsOf({ entries }: ScanReport): string[] {
  return entries.map(({ path }) => encodeText(path).toString('latin1'));
}

/** The same lines that `judgeTree` makes. */
export function linesOf({ entries }: ScanReport): string[] {
  return entries.map((entry) => {
    const { metadata, identity } = entry;
    const target = entry.kind === 'symlink' ? encodeText(entry.target).toString('latin1') : '';
    const parts = [
      encodeText(entry.path).toString('latin1'),
      entry.kind,
      metadata.mode?.toString(8),
      `${metadata.uid}:${metadata.gid}`,
      entry.kind === 'file' ? entry.size : 0,
      secondsOf(metadata.mtimeNs),
      secondsOf(identity?.ctimeNs),
      identity?.ino,
      identity?.nlink,
      target,
      identity?.dev,
    ];
    return parts.join('|');
  });
}

function secondsOf(ns = 0n): string {
  return `${ns / 1_000_000_000n}.${String(ns % 1_000_000_000n).padStart(9, '0')}`;
}
