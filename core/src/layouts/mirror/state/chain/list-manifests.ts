import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import { baseName } from '../../../../paths/rel-path.ts';
import { type ManifestKind, manifestsKey } from '../state-keys.ts';

/** Bytes of the manifests of a mirror, by run and kind. */
export type ManifestSizes = ReadonlyMap<string, Readonly<Partial<Record<ManifestKind, bigint>>>>;

export async function listManifests(destination: Destination, options: CallOptions): Promise<ManifestSizes> {
  const sizes = new Map<string, Partial<Record<ManifestKind, bigint>>>();
  for await (const objects of destination.list(manifestsKey, options)) {
    for (const { key, size } of objects) {
      const [, runId, kind] = /^(.+)[.](base|delta)$/.exec(baseName(key)) ?? [];
      if (runId === undefined || kind === undefined) continue;
      sizes.set(runId, { ...sizes.get(runId), [kind as ManifestKind]: size });
    }
  }
  return sizes;
}
