import { sep } from 'node:path';
import type { TreeIdentity } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { MirrorRecord } from '../layouts/mirror/state/records/mirror-record.ts';
import type { KnownDestination } from '../state/known-destinations.ts';

/** Where the source lies within the destination or the other way around. Paths are absolute with links followed. */
export function guardNesting(source: string | undefined, destination: string | undefined, allowed: boolean): void {
  if (source === undefined || destination === undefined) return;
  if (source === destination || isInside(source, destination)) {
    throw new HoldfastError(
      'nested',
      `The source ${source} lies within the destination ${destination}: the run would put the source away. Nothing was changed.`,
      {
        hint: 'Choose a destination outside of the source.',
      },
    );
  }
  if (isInside(destination, source) && !allowed) {
    throw new HoldfastError(
      'nested',
      `The destination ${destination} lies within the source ${source}: every run would copy its own copies. Nothing was changed.`,
      {
        hint: 'Choose a destination outside of the source, or leave it out of the copy with --allow-nested.',
      },
    );
  }
}

export function isInside(inner: string, outer: string): boolean {
  return inner.startsWith(outer.endsWith(sep) ? outer : `${outer}${sep}`);
}

/** Whether the mirror was made from another source: another disk under the same path, or another folder altogether. */
export function guardSourceIdentity(
  mirror: MirrorRecord | undefined,
  traits: { readonly displayName: string; readonly identity?: TreeIdentity },
): void {
  const before = mirror?.source.identity;
  const now = traits.identity;
  if (mirror === undefined || mirror.currentRunId === null || before === undefined || before === null || now === undefined)
    return;
  const sameDisk = before.fileSystemId === now.fileSystemId;
  const sameTree = sameDisk && (before.rootIno === now.rootIno || mirror.source.displayName === traits.displayName);
  if (sameTree) return;
  const was = `${mirror.source.displayName} on ${describe(before)}`;
  throw new HoldfastError(
    'source-exchanged',
    `The last run copied ${was}; now the source is ${traits.displayName} on ${describe(now)}. Nothing was changed.`,
  );
}

/** Whether the destination is on another volume than at its last run. */
export function guardVolume(
  mirror: MirrorRecord | undefined,
  known: KnownDestination | undefined,
  traits: { readonly displayName: string; readonly identity?: TreeIdentity },
): void {
  const now = traits.identity;
  if (now === undefined) return;
  if (mirror === undefined) {
    if (known === undefined || known.fileSystemId === now.fileSystemId) return;
    throw new HoldfastError(
      'wrong-volume',
      `${traits.displayName} held a clone at the last run, but now there is none and it lies on another volume: its disk seems not to be mounted. Nothing was changed.`,
      {
        hint: 'Mount the disk and run again. To begin a new clone on this volume: --adopt-volume.',
      },
    );
  }
  if (mirror.volume === null || mirror.volume.fileSystemId === now.fileSystemId) return;
  throw new HoldfastError(
    'wrong-volume',
    `${traits.displayName} is on ${describe(now)}, but this clone was last written on ${describe(mirror.volume)}: it is a copy of it. Nothing was changed.`,
  );
}

function describe(identity: TreeIdentity): string {
  return `${identity.fileSystemType} volume ${identity.fileSystemId}`;
}
