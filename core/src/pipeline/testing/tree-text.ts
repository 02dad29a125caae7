import type { Entry } from '../../contracts/entry.ts';
import type { Source } from '../../contracts/source.ts';
import { blocksOf } from '../../entries/blocks-of.ts';
import { EntryCursor } from '../../entries/entry-cursor.ts';
import { isWithin, parseRelPath } from '../../paths/rel-path.ts';
import { everything } from './test-task.ts';

const stateFolder = parseRelPath('.holdfast');

/** Everything that must be equal in a faithful copy, a line an entry: kind, path, metadata, content, which names are one inode. */
export async function treeText(source: Source): Promise<string[]> {
  const lines: string[] = [];
  const inodes = new Map<bigint, string>();
  const ignore = { selection: everything, onSkip: () => undefined, onExclude: () => undefined };
  const cursor = new EntryCursor(blocksOf(source.scan(ignore)));
  await cursor.start();
  while (!cursor.done) {
    const entry = cursor.entry();
    if (isWithin(entry.path, stateFolder)) {
      if (!cursor.advance()) await cursor.refill();
      continue;
    }
    const ino = entry.identity?.ino ?? 0n;
    if (!inodes.has(ino)) inodes.set(ino, entry.path);
    lines.push(`${await describe(source, entry)} = ${inodes.get(ino)}`);
    if (!cursor.advance()) await cursor.refill();
  }
  return lines;
}

async function describe(source: Source, entry: Entry): Promise<string> {
  const [metadata] = await source.describe([entry], {});
  const { mode, uid, gid, mtimeNs, xattrs = new Map<string, Uint8Array>() } = metadata ?? {};
  const kept = [mode, uid, gid, mtimeNs, ...[...xattrs].map(([name, value]) => `${name}=${Buffer.from(value).toString('hex')}`)];
  const content: Buffer[] = [];
  if (entry.kind === 'file') for await (const piece of source.content(entry).open({})) content.push(Buffer.from(piece));
  const target = entry.kind === 'symlink' ? entry.target : '';
  return `${entry.kind} "${entry.path}" ${kept.join(' ')} ${target} ${Buffer.concat(content).toString('hex')}`;
}
