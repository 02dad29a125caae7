import type { LoadedSnapshot } from '../store/snapshots/load-snapshots.ts';

/** The newest snapshot of the same host and paths that is not of the future; `snapshots` by time, the oldest first. */
export function findParent(
  snapshots: readonly LoadedSnapshot[],
  { hostname, paths, time }: { readonly hostname: string; readonly paths: readonly string[]; readonly time: Date },
): LoadedSnapshot | undefined {
  const wanted = keyOf(paths);
  return snapshots.findLast((each) => each.time <= time && each.file.hostname === hostname && keyOf(each.file.paths) === wanted);
}

function keyOf(paths: readonly string[]): string {
  return [...paths].sort().join('\0');
}
