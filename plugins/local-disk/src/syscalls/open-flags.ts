/** Flags of open(2), from asm-generic/fcntl.h; four of them have other numbers on arm64 (asm/fcntl.h). */
const isArm = process.arch === 'arm64';

export const O_RDONLY = 0;
export const O_WRONLY = 0o1;
export const O_RDWR = 0o2;
export const O_CREAT = 0o100;
export const O_EXCL = 0o200;
export const O_TRUNC = 0o1000;
export const O_APPEND = 0o2000;
/** Keeps open from waiting for the other end of a FIFO; means nothing for regular files. */
export const O_NONBLOCK = 0o4000;
/** Bypasses the page cache; buffer, offset and length must be aligned. */
export const O_DIRECT = isArm ? 0o200000 : 0o40000;
export const O_DIRECTORY = isArm ? 0o40000 : 0o200000;
/** Refuses (ELOOP) when the last part of the name is a symbolic link. */
export const O_NOFOLLOW = isArm ? 0o100000 : 0o400000;
/** Leaves atime alone; EPERM for files of others without CAP_FOWNER. */
export const O_NOATIME = 0o1000000;
export const O_CLOEXEC = 0o2000000;
/** A handle for *at calls and /proc/self/fd that opens nothing: no read permission, no side effect on devices and FIFOs. */
export const O_PATH = 0o10000000;
/** A file without a name in the given directory; linkat gives it one. Combine with O_WRONLY or O_RDWR. */
export const O_TMPFILE = 0o20000000 | O_DIRECTORY;

/** Instead of a directory descriptor: relative to the working directory. */
export const AT_FDCWD = -100;
export const AT_SYMLINK_NOFOLLOW = 0x100;
export const AT_REMOVEDIR = 0x200;
export const AT_SYMLINK_FOLLOW = 0x400;
export const AT_NO_AUTOMOUNT = 0x800;
/** The descriptor itself, given an empty name. */
export const AT_EMPTY_PATH = 0x1000;
