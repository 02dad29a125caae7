import type { Scope } from '../container/scope.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { EntryCursor } from '../entries/entry-cursor.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { openState } from '../layouts/mirror/state/chain/open-state.ts';
import type { ManifestBlock } from '../layouts/mirror/state/manifest/manifest-block.ts';
import { decodeExtras } from '../layouts/mirror/state/manifest/row-extras.ts';
import { isWithin, parseRelPath } from '../paths/rel-path.ts';
import { formatDigest } from '../verification/digest.ts';
import { openMirror, selectRun } from './open-mirror.ts';
import type { ListedEntry, ListRequest } from './requests.ts';
import { splitLocation } from './split-location.ts';
import { tokens } from './tokens.ts';

/** The entries of a version in tree order. Rejects with `not-a-mirror`, `snapshot-missing`, and `not-found` for a path that it does not have. */
export async function* listEntries(program: Scope, request: ListRequest): AsyncGenerator<ListedEntry> {
  await using scope = program.child('ls');
  const { location, at } = await splitLocation(request.location, request.at);
  const opened = await openMirror(scope, location);
  const run = selectRun(scope, opened, at);
  const wanted = parseRelPath((request.path ?? '').replace(/^\/+|\/+$/g, '').replace(/^\.(\/|$)/, ''));
  const cursor = new EntryCursor(openState(opened.destination, run.id, { signal: scope.resolve(tokens.signal) }));
  let found = false;
  try {
    for (await cursor.start(); !cursor.done; ) {
      if (isWithin(cursor.path, wanted)) {
        found = true;
        yield listed(cursor);
      }
      if (!cursor.advance()) await cursor.refill();
    }
  } finally {
    await cursor.close();
  }
  if (!found) throw missing(wanted, location);
}

function listed(cursor: EntryCursor<ManifestBlock>): ListedEntry {
  const entry = cursor.entry();
  const { mtimeNs, mode, uid, gid } = entry.metadata;
  const { digest } = decodeExtras(cursor.block.extrasAt(cursor.index));
  return {
    path: entry.path,
    kind: entry.kind,
    size: entry.kind === 'file' || entry.kind === 'image' ? entry.size : 0n,
    ...(mtimeNs === undefined ? {} : { mtimeNs }),
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined || gid === undefined ? {} : { uid, gid }),
    ...(entry.kind === 'symlink' ? { target: entry.target } : {}),
    ...(digest === undefined ? {} : { digest: formatDigest(digest) }),
  };
}

function missing(path: RelPath, location: string): HoldfastError {
  return new HoldfastError('snapshot-missing', `"${path}" is not in this version of ${location}.`, { path });
}
