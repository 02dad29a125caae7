import type { UnknownFields } from '../json/json-fields.ts';

/** What a node is, in the format's words; `dev` is a block device. */
export type NodeType = 'file' | 'dir' | 'symlink' | 'dev' | 'chardev' | 'fifo' | 'socket';

/** `value` is null where a writer left it out; it means the same as empty. */
export interface NodeAttribute {
  readonly name: string;
  readonly value: Uint8Array | null;
}

/**
 * One entry of a directory as a tree has it. What the format leaves out when it is zero or empty is zero or empty here. Texts are as
 * core's: bytes that are no characters are U+DC80 to U+DCFF; a byte that the writer did not keep is U+DC00.
 */
export interface Node {
  /** Any bytes but NUL and `/`; not `.` or `..`. */
  readonly name: Uint8Array;
  readonly type: NodeType;
  /** Go's os.FileMode, not st_mode: see `go-text/file-mode.ts`. */
  readonly mode: number;
  /** RFC 3339 as it stands there: the same instant has other texts in other time zones. */
  readonly mtime: string;
  readonly atime: string;
  readonly ctime: string;
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
  readonly group: string;
  readonly inode: bigint;
  /** st_dev. */
  readonly deviceId: bigint;
  /** Bytes. */
  readonly size: bigint;
  readonly links: bigint;
  readonly linkTarget: string;
  readonly attributes: readonly NodeAttribute[];
  /** What Windows has, as JSON text by key. */
  readonly genericAttributes: UnknownFields;
  /** st_rdev of a device, in Linux's encoding. */
  readonly device: bigint;
  /** Ids of data blobs one after the other, 32 bytes each; null for what is no file. */
  readonly content: Uint8Array | null;
  /** Id of the tree blob of a directory. */
  readonly subtree: Uint8Array | undefined;
  readonly error: string;
  /** Fields that this version does not know. */
  readonly unknown: UnknownFields;
}

const none: UnknownFields = new Map();

/** A node of zeros and nothing, for others to be made from. */
export const emptyNode: Omit<Node, 'name' | 'type' | 'mtime' | 'atime' | 'ctime'> = {
  mode: 0,
  uid: 0,
  gid: 0,
  user: '',
  group: '',
  inode: 0n,
  deviceId: 0n,
  size: 0n,
  links: 0n,
  linkTarget: '',
  attributes: [],
  genericAttributes: none,
  device: 0n,
  content: null,
  subtree: undefined,
  error: '',
  unknown: none,
};
