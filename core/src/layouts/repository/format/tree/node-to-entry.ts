import type { Entry, EntryBase, EntryMetadata } from '../../../../contracts/entry.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { decodeText, joinPath } from '../../../../paths/rel-path.ts';
import { fromGoMode } from '../go-text/file-mode.ts';
import { parseTime, ZERO_TIME } from '../go-text/parse-time.ts';
import { fromDeviceNumber } from './device-number.ts';
import type { Node } from './node.ts';

const EMPTY = new Uint8Array(0);

/** The entry of a node in the directory at `parent`. Its identity is that of where it was backed up; absent where that is unknown. */
export function nodeToEntry(node: Node, parent: RelPath): Entry {
  const base = { path: joinPath(parent, decodeText(node.name)), metadata: readMetadata(node), ...readIdentity(node) };
  switch (node.type) {
    case 'file':
      return { ...base, kind: 'file', size: node.size };
    case 'dir':
      return { ...base, kind: 'directory' };
    case 'symlink':
      return { ...base, kind: 'symlink', target: node.linkTarget };
    case 'fifo':
    case 'socket':
      return { ...base, kind: node.type };
    case 'chardev':
      return { ...base, kind: 'char-device', device: fromDeviceNumber(node.device) };
    case 'dev':
      return { ...base, kind: 'block-device', device: fromDeviceNumber(node.device) };
  }
}

function readMetadata(node: Node): EntryMetadata {
  const { uid, gid, user, group, attributes } = node;
  return {
    ...(node.mtime === ZERO_TIME ? {} : { mtimeNs: parseTime(node.mtime) }),
    ...(node.atime === ZERO_TIME ? {} : { atimeNs: parseTime(node.atime) }),
    mode: fromGoMode(node.mode),
    uid,
    gid,
    ...(user === '' ? {} : { user }),
    ...(group === '' ? {} : { group }),
    ...(attributes.length === 0 ? {} : { xattrs: new Map(attributes.map(({ name, value }) => [name, value ?? EMPTY])) }),
  };
}

function readIdentity(node: Node): Pick<EntryBase, 'identity'> {
  if (node.inode === 0n) return {};
  const { deviceId: dev, inode: ino } = node;
  return { identity: { dev, ino, nlink: Number(node.links), ctimeNs: parseTime(node.ctime) } };
}
