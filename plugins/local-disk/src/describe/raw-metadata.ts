import { decodeText, type EntryMetadata } from '@holdfast/core/plugin';
import { untilZero } from '../syscalls/c-string.ts';
import type { Xattr } from '../syscalls/xattr-set.ts';

/** Metadata as a thread reads it: names of extended attributes are bytes with a zero byte at the end. */
export interface RawMetadata extends Omit<EntryMetadata, 'xattrs' | 'user' | 'group'> {
  readonly xattrs: readonly Xattr[];
}

export function finishMetadata(raw: RawMetadata): EntryMetadata {
  const xattrs = raw.xattrs.map(({ name, value }) => [decodeText(untilZero(name)), new Uint8Array(value)] as const);
  return { ...raw, xattrs: new Map(xattrs) };
}
