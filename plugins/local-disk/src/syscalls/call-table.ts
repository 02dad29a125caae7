/** What a call does to the disk: `change` alters it, `read` looks at it, `other` does neither (or, like closing, is no step of its own). */
export type CallKind = 'change' | 'read' | 'other';

interface CallShape {
  kind: CallKind;
  /** Positions of its file arguments: a descriptor, or a descriptor followed by a name relative to it; -1 for a path without descriptor. */
  files: readonly (readonly [fd: number, name?: number])[];
  /** Position of the number of bytes, for calls that may do less than they are asked. */
  bytes?: number;
}

const fd: CallShape['files'] = [[0]];
const at: CallShape['files'] = [[0, 1]];
const path: CallShape['files'] = [[-1, 0]];
const twoAt: CallShape['files'] = [
  [0, 1],
  [2, 3],
];

/**
 * Every system call of this folder that fault hooks can reach. `openat` counts as a change when its flags create or truncate.
 * An ioctl goes by the name of its request.
 */
export const CALLS = {
  openat: { kind: 'read', files: at },
  openat2: { kind: 'read', files: at },
  close: { kind: 'other', files: fd },
  dup: { kind: 'other', files: fd },
  statx: { kind: 'read', files: at },
  getdents64: { kind: 'read', files: fd },
  readlinkat: { kind: 'read', files: at },
  fstatfs: { kind: 'read', files: fd },
  getflags: { kind: 'read', files: fd },
  fiemap: { kind: 'read', files: fd },
  getfsuuid: { kind: 'read', files: fd },
  btrfs_fs_info: { kind: 'read', files: fd },
  get_subvol_rootref: { kind: 'read', files: fd },
  ino_lookup_user: { kind: 'read', files: fd },
  blkgetsize64: { kind: 'read', files: fd },
  blksszget: { kind: 'read', files: fd },
  read: { kind: 'read', files: fd, bytes: 2 },
  pread: { kind: 'read', files: fd, bytes: 2 },
  lseek: { kind: 'read', files: fd },
  fgetxattr: { kind: 'read', files: fd },
  flistxattr: { kind: 'read', files: fd },
  lgetxattr: { kind: 'read', files: path },
  llistxattr: { kind: 'read', files: path },
  getxattrat: { kind: 'read', files: at },
  listxattrat: { kind: 'read', files: at },

  write: { kind: 'change', files: fd, bytes: 2 },
  pwrite: { kind: 'change', files: fd, bytes: 2 },
  copy_file_range: { kind: 'change', files: [[0], [2]], bytes: 4 },
  ficlone: { kind: 'change', files: fd },
  ficlonerange: { kind: 'change', files: fd },
  ftruncate: { kind: 'change', files: fd },
  fallocate: { kind: 'change', files: fd },
  fchown: { kind: 'change', files: fd },
  fchownat: { kind: 'change', files: at },
  fchmod: { kind: 'change', files: fd },
  fchmodat: { kind: 'change', files: at },
  futimens: { kind: 'change', files: fd },
  utimensat: { kind: 'change', files: at },
  fsetxattr: { kind: 'change', files: fd },
  fremovexattr: { kind: 'change', files: fd },
  lsetxattr: { kind: 'change', files: path },
  lremovexattr: { kind: 'change', files: path },
  setxattrat: { kind: 'change', files: at },
  removexattrat: { kind: 'change', files: at },
  setflags: { kind: 'change', files: fd },
  renameat2: { kind: 'change', files: twoAt },
  linkat: { kind: 'change', files: twoAt },
  symlinkat: { kind: 'change', files: [[1, 2]] },
  mkdirat: { kind: 'change', files: at },
  mknodat: { kind: 'change', files: at },
  unlinkat: { kind: 'change', files: at },
  fsync: { kind: 'change', files: fd },
  fdatasync: { kind: 'change', files: fd },
  syncfs: { kind: 'change', files: fd },
  sync_file_range: { kind: 'change', files: fd },
  snap_create: { kind: 'change', files: fd },
  snap_destroy: { kind: 'change', files: fd },
  subvol_create: { kind: 'change', files: fd },

  posix_fadvise: { kind: 'other', files: fd },
  flock: { kind: 'other', files: fd },
  umask: { kind: 'other', files: [] },
} as const satisfies Record<string, CallShape>;

export type CallName = keyof typeof CALLS;
export const CALL_NAMES = Object.keys(CALLS) as CallName[];

export function callShape(call: CallName): CallShape {
  return CALLS[call];
}
