import type { ManifestSizes } from './list-manifests.ts';

/**
 * Which of the runs (oldest first) keep their base. The first and the newest base are needed; one between them stays only where it
 * saves reading more deltas than it takes room.
 */
export function chooseBases(runIds: readonly string[], sizes: ManifestSizes): Set<string> {
  const withBase = runIds.filter((id) => sizes.get(id)?.base !== undefined);
  const kept = new Set([...withBase.slice(0, 1), ...withBase.slice(-1)]);
  let replayed = 0n;
  for (const id of runIds) {
    const { base, delta = 0n } = sizes.get(id) ?? {};
    replayed += delta;
    if (base === undefined) continue;
    if (replayed > base) kept.add(id);
    if (kept.has(id)) replayed = 0n;
  }
  return kept;
}
