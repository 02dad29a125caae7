import type { RelPath } from '../../../contracts/rel-path.ts';
import { joinPath } from '../../../paths/rel-path.ts';

/** Where a mirror keeps its own state; no entry of a source is ever written below it. */
export const stateRoot = '.holdfast' as RelPath;

export const mirrorKey = joinPath(stateRoot, 'mirror.json');
export const lockKey = joinPath(stateRoot, 'lock');
export const runsKey = joinPath(stateRoot, 'runs');
export const manifestsKey = joinPath(stateRoot, 'manifests');
export const journalsKey = joinPath(stateRoot, 'journal');
export const archiveRoot = joinPath(stateRoot, 'archive');

export type ManifestKind = 'base' | 'delta';

export function runKey(runId: string): RelPath {
  return joinPath(runsKey, `${runId}.json`);
}

export function manifestKey(runId: string, kind: ManifestKind): RelPath {
  return joinPath(manifestsKey, `${runId}.${kind}`);
}

export function journalKey(runId: string): RelPath {
  return joinPath(journalsKey, `${runId}.ndjson`);
}

/** The folder that holds what the run `runId` replaced and deleted. */
export function archiveKey(runId: string): RelPath {
  return joinPath(archiveRoot, runId);
}

/** The name of an archive folder that is being removed: what is there is on its way out, and never a version. */
export function prunedKey(runId: string): RelPath {
  return joinPath(archiveRoot, `${runId}.pruned`);
}

/** Where the run `runId` puts what was at `path` before it, when it replaces or deletes it. `path` is that of the run before. */
export function displacedKey(runId: string, path: RelPath): RelPath {
  return joinPath(archiveKey(runId), path);
}
