import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { Entry, EntryBase } from '../../../../contracts/entry.ts';
import { decodePath, decodeText } from '../../../../paths/rel-path.ts';
import { fromDeviceNumber } from '../tree/device-number.ts';

/** An entry with where it lies on disk. */
export interface ScannedEntry {
  readonly entry: Entry;
  readonly file: Buffer;
}

/** The entries in a directory by the bytes of their names, of lstat and getfattr alone. Their owner is taken to be root. */
export function scanFolder(folder: Buffer): ScannedEntry[] {
  const names = readdirSync(folder, { encoding: 'buffer' }).sort((a, b) => Buffer.compare(a, b));
  return names.map((name) => {
    const file = Buffer.concat([folder, Buffer.from('/'), name]);
    return { entry: scanEntry(file, name), file };
  });
}

function scanEntry(file: Buffer, name: Buffer): Entry {
  const stat = lstatSync(file, { bigint: true });
  const { dev, ino, nlink, ctimeNs, mtimeNs, atimeNs, uid, gid, mode } = stat;
  const xattrs = stat.isFile() ? readAttributes(file) : undefined;
  const base: EntryBase = {
    path: decodePath(name),
    identity: { dev, ino, nlink: stat.isDirectory() ? 0 : Number(nlink), ctimeNs },
    metadata: {
      ...{ mtimeNs, atimeNs, mode: Number(mode & 0o7777n), uid: Number(uid), gid: Number(gid) },
      ...(uid === 0n ? { user: 'root' } : {}),
      ...(gid === 0n ? { group: 'root' } : {}),
      ...(xattrs === undefined ? {} : { xattrs }),
    },
  };
  if (stat.isDirectory()) return { ...base, kind: 'directory' };
  if (stat.isSymbolicLink()) return { ...base, kind: 'symlink', target: decodeText(readlinkSync(file, { encoding: 'buffer' })) };
  if (stat.isFIFO()) return { ...base, kind: 'fifo' };
  const device = fromDeviceNumber(stat.rdev);
  if (stat.isCharacterDevice()) return { ...base, kind: 'char-device', device };
  if (stat.isBlockDevice()) return { ...base, kind: 'block-device', device };
  return { ...base, kind: 'file', size: stat.size };
}

/** Sorted, as getfattr does; the kernel's order, which restic keeps, is the same where there is one. */
function readAttributes(file: Buffer): Map<string, Uint8Array> | undefined {
  // The names that these tests make are all that getfattr can be given.
  if (file.some((byte) => byte >= 0x80 || byte < 0x20)) return undefined;
  const text = execFileSync('getfattr', ['--dump', '--encoding=hex', '--absolute-names', '--', file.toString()], {
    encoding: 'utf8',
  });
  const pairs = [...text.matchAll(/^(user\.[^=\n]+)(?:=0x([0-9a-f]*))?$/gm)];
  return pairs.length === 0 ? undefined : new Map(pairs.map(([, name, hex]) => [name ?? '', Buffer.from(hex ?? '', 'hex')]));
}
