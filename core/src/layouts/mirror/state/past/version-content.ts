import type { ByteRange, CallOptions } from '../../../../contracts/call-options.ts';
import type { Content, LocalFile } from '../../../../contracts/content.ts';
import type { Destination, ObjectInfo } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';

/** A file of a version. */
export interface FileVersion {
  /** As it was recorded. */
  readonly path: RelPath;
  readonly size: bigint;
  readonly mtimeNs: bigint | undefined;
  /** Where its bytes are now. */
  readonly key: RelPath;
  readonly local: LocalFile | undefined;
}

/** The bytes of a file of a version. Opening rejects with `not-found`, and with `changed` when what is there is no longer what was recorded. */
export function versionContent(destination: Destination, version: FileVersion): Content {
  return {
    size: version.size,
    ...(version.local === undefined ? {} : { local: version.local }),
    open: (options) => readVersion(destination, version, options),
  };
}

/** Whether what is at the version's key still looks like it: a file of its size and, as finely as the destination keeps them, its time. */
export function isVersion(
  found: ObjectInfo | undefined,
  version: Pick<FileVersion, 'size' | 'mtimeNs'>,
  resolutionNs: bigint,
): boolean {
  if (found === undefined || (found.kind !== 'file' && found.kind !== 'image') || found.size !== version.size) return false;
  if (found.mtimeNs === undefined || version.mtimeNs === undefined || resolutionNs === 0n) return true;
  const difference = found.mtimeNs - version.mtimeNs;
  return (difference < 0n ? -difference : difference) < resolutionNs;
}

async function* readVersion(
  destination: Destination,
  version: FileVersion,
  options: CallOptions & { range?: ByteRange },
): AsyncGenerator<Uint8Array> {
  const { key, path, size } = version;
  const found = await destination.stat(key, options);
  const where = `"${key}" in ${destination.traits.displayName}`;
  if (found === undefined) throw new HoldfastError('not-found', `${where} is gone.`, { path });
  if (!isVersion(found, version, destination.traits.mtimeResolutionNs)) {
    throw new HoldfastError('changed', `${where} has another size or time than was recorded of "${path}".`, { path });
  }
  const start = options.range?.offset ?? 0n;
  const end = options.range === undefined ? size : start + options.range.length;
  let left = (end < size ? end : size) - start;
  for await (const piece of destination.read(key, options)) {
    left -= BigInt(piece.length);
    yield piece;
  }
  if (left > 0n) throw new HoldfastError('damaged', `${where} ends too early.`, { path });
}
