import type { Entry, EntryKind } from '../../../../contracts/entry.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { baseName, encodeText } from '../../../../paths/rel-path.ts';
import { GO_CHARACTER_DEVICE, GO_DEVICE, GO_DIR, GO_PIPE, GO_SOCKET, GO_SYMLINK, toGoMode } from '../go-text/file-mode.ts';
import { ZERO_TIME } from '../go-text/parse-time.ts';
import type { TimeFormatter } from '../go-text/time-formatter.ts';
import { toDeviceNumber } from './device-number.ts';
import { emptyNode, type Node, type NodeType } from './node.ts';

/** Type, Go's type bits, and permissions for sources that know none. */
type KindRow = readonly [type: NodeType, goType: number, permissions: number];
const kinds: Readonly<Record<Exclude<EntryKind, 'image'>, KindRow>> = {
  'file': ['file', 0, 0o644],
  'directory': ['dir', GO_DIR, 0o755],
  'symlink': ['symlink', GO_SYMLINK, 0o777],
  'fifo': ['fifo', GO_PIPE, 0o644],
  'socket': ['socket', GO_SOCKET, 0o644],
  'char-device': ['chardev', GO_DEVICE | GO_CHARACTER_DEVICE, 0o600],
  'block-device': ['dev', GO_DEVICE, 0o600],
};
const withLinks: ReadonlySet<EntryKind> = new Set<EntryKind>(['file', 'symlink', 'char-device', 'block-device']);

/** What of a node stands not in the entry but in the repository. */
export interface NodeContent {
  /** Of a file: ids of its blobs, one after the other, and the bytes that were read. */
  readonly content?: Uint8Array;
  readonly size?: bigint;
  /** Of a directory: its tree. */
  readonly subtree?: Uint8Array;
}

export interface NodeOptions {
  readonly times: TimeFormatter;
  /** Keep access times; otherwise nodes have the time of modification there, so that reading a file changes no directory. */
  readonly keepsAtime?: boolean;
}

/**
 * The node of an entry, as restic makes it of the same lstat. An owner that is unknown is 0. Inode flags and the time of birth have no
 * place in it. Throws `unsupported` for a disk image.
 */
export function entryToNode(entry: Entry, content: NodeContent, options: NodeOptions): Node {
  if (entry.kind === 'image') throw new HoldfastError('unsupported', 'A repository keeps a disk as a file, not as an image.');
  const [type, goType, permissions] = kinds[entry.kind];
  const { metadata, identity } = entry;
  const time = (ns: bigint | undefined): string => (ns === undefined ? ZERO_TIME : options.times.format(ns));
  const mtime = time(metadata.mtimeNs);
  return {
    ...emptyNode,
    name: encodeText(baseName(entry.path)),
    type,
    mode: toGoMode(metadata.mode ?? permissions, goType),
    mtime,
    atime: options.keepsAtime === true && metadata.atimeNs !== undefined ? time(metadata.atimeNs) : mtime,
    ctime: identity === undefined ? mtime : time(identity.ctimeNs),
    uid: metadata.uid ?? 0,
    gid: metadata.gid ?? 0,
    user: metadata.user ?? '',
    group: metadata.group ?? '',
    inode: identity?.ino ?? 0n,
    deviceId: identity?.dev ?? 0n,
    links: withLinks.has(entry.kind) ? BigInt(identity?.nlink ?? 0) : 0n,
    size: entry.kind === 'file' ? (content.size ?? entry.size) : 0n,
    linkTarget: entry.kind === 'symlink' ? entry.target : '',
    device: 'device' in entry ? toDeviceNumber(entry.device) : 0n,
    attributes: metadata.xattrs === undefined ? [] : Array.from(metadata.xattrs, ([name, value]) => ({ name, value })),
    content: entry.kind === 'file' ? (content.content ?? new Uint8Array(0)) : null,
    subtree: content.subtree,
  };
}
