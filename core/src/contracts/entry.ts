import type { RelPath } from './rel-path.ts';

/** What a faithful copy keeps. A field that is absent is unknown to this source. */
export interface EntryMetadata {
  /** Nanoseconds since the epoch; may be negative. */
  readonly mtimeNs?: bigint;
  readonly atimeNs?: bigint;
  /** Recorded only: no file system lets it be set. */
  readonly birthtimeNs?: bigint;
  /** Permission bits with setuid, setgid and sticky: `st_mode & 0o7777` (inode(7)). */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly user?: string;
  readonly group?: string;
  /** Extended attributes by full name, for example `user.comment`; ACLs and capabilities live here (xattr(7)). */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>;
  /** Inode flags as `FS_IOC_GETFLAGS` gives them (ioctl_iflags(2)). */
  readonly flags?: number;
}

/** Which inode an entry is: what hard links, renames and change detection look at. */
export interface EntryIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: number;
  readonly ctimeNs: bigint;
}

/** Plain data: it can be spilled to disk, fanned out to several targets, sent to a worker thread. */
export interface EntryBase {
  readonly path: RelPath;
  readonly metadata: EntryMetadata;
  readonly identity?: EntryIdentity;
}

export type FileEntry = EntryBase & { readonly kind: 'file' /** Bytes. */; readonly size: bigint };
export type DirectoryEntry = EntryBase & { readonly kind: 'directory' };
/** `target` is lossless for any bytes, like RelPath, but any text: absolute, with `..`, dangling. */
export type SymlinkEntry = EntryBase & { readonly kind: 'symlink'; readonly target: string };
export type PipeEntry = EntryBase & { readonly kind: 'fifo' | 'socket' };
/** `device` is `major << 32 | minor`. */
export type DeviceEntry = EntryBase & { readonly kind: 'char-device' | 'block-device'; readonly device: bigint };
/** A disk or partition; `size` and `sectorSize` in bytes. */
export type ImageEntry = EntryBase & { readonly kind: 'image'; readonly size: bigint; readonly sectorSize: number };

/** One thing of a tree. */
export type Entry = FileEntry | DirectoryEntry | SymlinkEntry | PipeEntry | DeviceEntry | ImageEntry;
export type EntryKind = Entry['kind'];
