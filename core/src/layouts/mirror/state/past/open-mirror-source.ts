import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { Selection } from '../../../../contracts/selection.ts';
import { blocksOf } from '../../../../entries/blocks-of.ts';
import { rootPath } from '../../../../paths/rel-path.ts';
import type { MirrorHistory } from '../chain/mirror-history.ts';
import { wholeTree } from '../whole-tree.ts';
import { ArchivedLinks } from './archived-links.ts';
import { MirrorSource } from './mirror-source.ts';
import { openLocator } from './open-locator.ts';

const rootOnly: Selection = { ...wholeTree, rules: [{ effect: 'exclude', pattern: '/*' }] };

/** The version that the run `runId` left, as a source. The destination stays the caller's. Throws `snapshot-missing`, `state-damaged`, `format-unknown`. */
export async function openMirrorSource(
  destination: Destination,
  history: MirrorHistory,
  runId: string,
  options: CallOptions,
): Promise<MirrorSource> {
  const locator = await openLocator(destination, history, runId, options);
  const archivedLinks = new ArchivedLinks(destination, history, runId);
  return new MirrorSource({ destination, runId, locator, archivedLinks, device: await localDevice(destination, options) });
}

async function localDevice(destination: Destination, options: CallOptions): Promise<bigint | undefined> {
  const { directories } = destination.capabilities;
  if (destination.traits.localRoot === undefined || directories === undefined) return undefined;
  const ignore = (): void => undefined;
  const root = directories.scan(rootPath, { ...options, selection: rootOnly, onSkip: ignore, onExclude: ignore });
  for await (const block of blocksOf(root)) return block.device;
  return undefined;
}
