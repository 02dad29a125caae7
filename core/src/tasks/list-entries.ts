import type { Scope } from '../container/scope.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { EntryCursor } from '../entries/entry-cursor.ts';
import { openState } from '../layouts/mirror/state/chain/open-state.ts';
import type { ManifestBlock } from '../layouts/mirror/state/manifest/manifest-block.ts';
import { decodeExtras } from '../layouts/mirror/state/manifest/row-extras.ts';
import { isWithin } from '../paths/rel-path.ts';
import { formatDigest } from '../verification/digest.ts';
import { type OpenedMirror, selectRun } from './open-mirror.ts';
import { type OpenedStore, openStore, openVersion } from './open-version.ts';
import type { ListedEntry, ListRequest } from './requests.ts';
import { everything } from './selections.ts';
import { splitLocation } from './split-location.ts';
import { tokens } from './tokens.ts';
import { describeEntry, notInVersion, readVersionPath, versionEntries } from './version-entries.ts';

/**
 * The entries of a version in tree order. Rejects with `not-a-mirror`, `snapshot-missing` also for a path that it does not have, and for a
 * repository with what opening it rejects with.
 */
export async function* listEntries(program: Scope, request: ListRequest): AsyncGenerator<ListedEntry> {
  await using scope = program.child('ls');
  const { location, at } = await splitLocation(request.location, request.at);
  const store = await openStore(scope, location, request.repository);
  const wanted = readVersionPath(request.path ?? '');
  let found = false;
  const entries =
    store.kind === 'repository' ? listVersion(scope, store, at, wanted) : listManifest(scope, store.mirror, at, wanted);
  for await (const entry of entries) {
    found = true;
    yield entry;
  }
  if (!found) throw notInVersion(wanted, location);
}

async function* listVersion(
  scope: Scope,
  store: OpenedStore,
  at: string | undefined,
  wanted: RelPath,
): AsyncGenerator<ListedEntry> {
  const source = await (await openVersion(scope, store, at)).open();
  const selection = { ...everything, paths: wanted === '' ? [] : [wanted] };
  for await (const entry of versionEntries(scope, source, selection))
    if (isWithin(entry.path, wanted) && entry.path !== '') yield describeEntry(entry);
}

/** The manifest also tells the digests. */
async function* listManifest(
  scope: Scope,
  opened: OpenedMirror,
  at: string | undefined,
  wanted: RelPath,
): AsyncGenerator<ListedEntry> {
  const run = selectRun(scope, opened, at);
  const cursor = new EntryCursor(openState(opened.destination, run.id, { signal: scope.resolve(tokens.signal) }));
  try {
    for (await cursor.start(); !cursor.done; ) {
      if (isWithin(cursor.path, wanted)) yield listed(cursor);
      if (!cursor.advance()) await cursor.refill();
    }
  } finally {
    await cursor.close();
  }
}

function listed(cursor: EntryCursor<ManifestBlock>): ListedEntry {
  const { digest } = decodeExtras(cursor.block.extrasAt(cursor.index));
  return { ...describeEntry(cursor.entry()), ...(digest === undefined ? {} : { digest: formatDigest(digest) }) };
}
