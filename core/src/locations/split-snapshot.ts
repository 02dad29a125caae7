import { FILE_SCHEME, schemeOf } from './parse-location.ts';

export interface SplitLocation {
  readonly location: string;
  /** What stands after the `@`; absent where there is none. */
  readonly snapshot?: string;
}

/**
 * Takes `LOCATION[@SNAPSHOT]` apart at the last `@` of the last path segment. Never at the user part of a URL, nor at an `@` that a
 * segment begins with (`@NAME`, `/mnt/@home`). A local path that `exists` as it is written, wins; one that can be meant in
 * two ways is made clear with `--at`.
 */
export async function splitSnapshot(written: string, exists: (path: string) => Promise<boolean>): Promise<SplitLocation> {
  const scheme = schemeOf(written);
  const start = scheme === undefined ? 0 : scheme.length + 1;
  const isUrl = scheme !== undefined && scheme !== FILE_SCHEME && written.startsWith('//', start);
  const end = isUrl ? indexOrEnd(written, '?', start) : written.length;
  const path = written.slice(start, end);
  const at = splitPoint(path, isUrl);
  if (at === undefined) return { location: written };
  if ((scheme === undefined || scheme === FILE_SCHEME) && (await exists(path))) return { location: written };
  return { location: written.slice(0, start + at) + written.slice(end), snapshot: path.slice(at + 1) };
}

/** Where the `@` of a snapshot is in a path. In a URL the first segment after `//` is the host. */
function splitPoint(path: string, isUrl: boolean): number | undefined {
  const segmentStart = path.lastIndexOf('/') + 1;
  if (isUrl && segmentStart <= 2) return undefined;
  const at = path.lastIndexOf('@');
  return at > segmentStart && at < path.length - 1 ? at : undefined;
}

function indexOrEnd(text: string, searched: string, from: number): number {
  const index = text.indexOf(searched, from);
  return index < 0 ? text.length : index;
}
