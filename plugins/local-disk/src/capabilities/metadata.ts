import { encodeText } from '@holdfast/core/plugin';
import type { EntryMetadata, MetadataCapability } from '@holdfast/core/plugin';
import { finishMetadata } from '../describe/raw-metadata.ts';
import { readMetadata } from '../describe/read-metadata.ts';
import type { DiskRoot } from '../objects/disk-root.ts';
import { putMetadata } from '../store/copy-metadata.ts';
import { toCString } from '../syscalls/c-string.ts';
import type { Xattr } from '../syscalls/xattr-set.ts';

const everything = { owner: true, xattrs: true };

export function metadataOf(root: DiskRoot): MetadataCapability {
  return {
    async apply(key, _entry, metadata, { signal }) {
      signal?.throwIfAborted();
      const { flags } = metadata;
      const xattrs = xattrsOf(metadata);
      const extras = { ...(xattrs === undefined ? {} : { xattrs }), ...(flags === undefined ? {} : { flags }) };
      return root.atExisting(key, 'set the metadata of', (place) => putMetadata(place, metadata, extras, everything));
    },
    async read(key, { signal }) {
      signal?.throwIfAborted();
      return finishMetadata(root.atExisting(key, 'read the metadata of', (place) => readMetadata(place)));
    },
  };
}

function xattrsOf({ xattrs }: EntryMetadata): Xattr[] | undefined {
  if (xattrs === undefined) return undefined;
  return Array.from(xattrs, ([name, value]) => ({ name: toCString(encodeText(name)), value: Buffer.from(value) }));
}
