/** Bits of Go's os.FileMode, which is what a node's `mode` is, and not st_mode (io/fs, FileMode). */
export const GO_DIR = 2 ** 31;
export const GO_SYMLINK = 1 << 27;
export const GO_DEVICE = 1 << 26;
export const GO_PIPE = 1 << 25;
export const GO_SOCKET = 1 << 24;
const GO_SETUID = 1 << 23;
const GO_SETGID = 1 << 22;
export const GO_CHARACTER_DEVICE = 1 << 21;
const GO_STICKY = 1 << 20;

/** `permissions` is st_mode & 0o7777, `type` the bits above for what it is. */
export function toGoMode(permissions: number, type: number): number {
  const special =
    (permissions & 0o4000 ? GO_SETUID : 0) | (permissions & 0o2000 ? GO_SETGID : 0) | (permissions & 0o1000 ? GO_STICKY : 0);
  return ((permissions & 0o777) | special | type) >>> 0;
}

/** st_mode & 0o7777 of Go's mode. */
export function fromGoMode(mode: number): number {
  return (mode & 0o777) | (mode & GO_SETUID ? 0o4000 : 0) | (mode & GO_SETGID ? 0o2000 : 0) | (mode & GO_STICKY ? 0o1000 : 0);
}
