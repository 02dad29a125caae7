import type { SnapshotProvider } from '../contracts/snapshot.ts';
import type { Source } from '../contracts/source.ts';
import { type Finding, ok, warn } from './finding.ts';
import type { Probe } from './probe-file.ts';

/** Reads the file that `probeFile` wrote as a clone reads a source, and sees whether the source can be frozen. */
export async function* probeSource(
  source: Source,
  probe: Probe,
  providers: readonly SnapshotProvider[],
): AsyncGenerator<Finding> {
  yield await probeAccessTime(source, probe);
  const { localRoot } = source.traits;
  if (localRoot === undefined) return;
  const able = await firstAble(providers, localRoot, probe.signal);
  if (able === undefined)
    yield ok('location.snapshot', 'It cannot be frozen: files that change while they are read are read again, and reported.');
  else yield ok('location.snapshot', `As a source it can be frozen first (${able.name}).`);
}

async function probeAccessTime(source: Source, { destination, key, signal }: Probe): Promise<Finding> {
  const { metadata } = destination.capabilities;
  const check = 'location.access-time';
  const before = (await metadata?.read(key, { signal }))?.atimeNs;
  if (metadata === undefined || before === undefined) return ok(check, 'There are no access times here.');
  const { size, mtimeNs = 0n } = (await destination.stat(key, { signal })) ?? { size: 0n };
  const entry = { kind: 'file', path: key, size, metadata: { mtimeNs } } as const;
  for await (const _piece of source.content(entry).open({ signal })) signal.throwIfAborted();
  const after = (await metadata.read(key, { signal })).atimeNs;
  if (after === before) return ok(check, 'Reading leaves the access times of files alone (O_NOATIME).');
  return warn(check, 'Reading changes the access times of files.', 'Mount the source with noatime where that matters.');
}

async function firstAble(
  providers: readonly SnapshotProvider[],
  root: string,
  signal: AbortSignal,
): Promise<SnapshotProvider | undefined> {
  for (const provider of providers) if (await provider.probe(root, { signal })) return provider;
  return undefined;
}
