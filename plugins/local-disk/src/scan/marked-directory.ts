import type { Selection } from '@holdfast/core/plugin';
import { toCString } from '../syscalls/c-string.ts';
import { DT } from '../syscalls/directory.ts';
import { NativeBuffer } from '../syscalls/native-buffer.ts';
import { close, openForReading } from '../syscalls/open.ts';
import { STATX_BASIC_STATS, STATX_NO_FOLLOW, statx } from '../syscalls/stat.ts';
import { StatxRecord } from '../syscalls/statx-record.ts';
import { read } from '../syscalls/transfer.ts';
import type { DirectoryLister } from './directory-lister.ts';
import { KIND_CODE, kindOfMode } from './entry-kind.ts';

const CACHE_TAG = Buffer.from('CACHEDIR.TAG');
/** What the tag begins with (bford.info/cachedir). */
const CACHE_SIGNATURE = Buffer.from('Signature: 8a477f597d28d172789f06886806bc55');

/** The files whose presence says that a directory's contents do not take part. */
export interface DirectoryMarkers {
  readonly names: readonly Uint8Array[];
  readonly caches: boolean;
}

/** The markers that a selection asks for; undefined for none. `encode` gives the bytes of a name. */
export function markersOf(selection: Selection, encode: (name: string) => Uint8Array): DirectoryMarkers | undefined {
  const { excludeIfPresent, excludeCaches } = selection;
  if (excludeIfPresent.length === 0 && !excludeCaches) return undefined;
  return { names: excludeIfPresent.map(encode), caches: excludeCaches };
}

/** Where the markers in a listed directory begin; empty where there is none. */
export function findMarkers(markers: DirectoryMarkers, listed: DirectoryLister, directoryFd: number): number[] {
  const found = markers.names.map((name) => listed.find(name)).filter((offset) => isMarker(listed, offset, directoryFd));
  if (markers.caches) {
    const tag = listed.find(CACHE_TAG);
    if (tag >= 0 && hasCacheSignature(directoryFd)) found.push(tag);
  }
  return [...new Set(found)].sort((left, right) => Buffer.compare(nameAt(listed, left), nameAt(listed, right)));
}

const looked = new StatxRecord();

/** A marker is anything but a directory. */
function isMarker(listed: DirectoryLister, offset: number, directoryFd: number): boolean {
  if (offset < 0) return false;
  const type = listed.bytes[offset - 1];
  if (type !== DT.UNKNOWN) return type !== DT.DIRECTORY;
  const name = toCString(nameAt(listed, offset));
  if (statx(directoryFd, name, STATX_NO_FOLLOW, STATX_BASIC_STATS, looked.address) < 0) return false;
  return kindOfMode(looked.mode) !== KIND_CODE.directory;
}

function nameAt(listed: DirectoryLister, offset: number): Uint8Array {
  return listed.bytes.subarray(offset, listed.bytes.indexOf(0, offset));
}

const start = new NativeBuffer(CACHE_SIGNATURE.length);
const tagName = Buffer.concat([CACHE_TAG, Buffer.from([0])]);

function hasCacheSignature(directoryFd: number): boolean {
  const fd = openForReading(directoryFd, tagName);
  if (fd < 0) return false;
  const length = read(fd, start.address, CACHE_SIGNATURE.length);
  close(fd);
  return length === CACHE_SIGNATURE.length && start.bytes.equals(CACHE_SIGNATURE);
}
