import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { overlayBlocks } from '../merge/overlay-blocks.ts';
import type { MirrorRecord } from '../records/mirror-record.ts';
import { type ManifestKind, manifestKey } from '../state-keys.ts';
import { followChain, type ManifestChain } from './manifest-chain.ts';

type Blocks = AsyncGenerator<ManifestBlock, void>;

/**
 * The entries as they were after the run `runId`, in tree order, holding a block or two of each manifest it is made of.
 * Throws `snapshot-missing` where there is no such run, `state-damaged`, `format-unknown`.
 */
export async function* openState(destination: Destination, runId: string, options: CallOptions): Blocks {
  yield* openChain(destination, await followChain(destination, runId, options), options);
}

/** The entries as the last committed run left them; nothing where there was none. */
export async function* openBaseline(
  destination: Destination,
  mirror: Pick<MirrorRecord, 'currentRunId'>,
  options: CallOptions,
): Blocks {
  if (mirror.currentRunId !== null) yield* openState(destination, mirror.currentRunId, options);
}

/** What a single run changed, with all of its row flags: see `RowFlag`. */
export function openDelta(destination: Destination, runId: string, options: CallOptions): Blocks {
  return open(destination, runId, 'delta', options);
}

/** The state that a chain of manifests makes. The deltas are merged first: they are small, and the base is then walked once. */
export function openChain(destination: Destination, chain: Pick<ManifestChain, 'base' | 'deltas'>, options: CallOptions): Blocks {
  const base = open(destination, chain.base, 'base', options);
  const [first, ...others] = chain.deltas.map((runId) => open(destination, runId, 'delta', options));
  if (first === undefined) return base;
  return overlayBlocks(
    base,
    others.reduce((older, newer) => overlayBlocks(older, newer, 'delta'), first),
    'state',
  );
}

function open(destination: Destination, runId: string, kind: ManifestKind, options: CallOptions): Blocks {
  return readManifest(destination, manifestKey(runId, kind), { runId, kind }, options);
}
