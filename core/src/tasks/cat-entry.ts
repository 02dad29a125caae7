import type { Scope } from '../container/scope.ts';
import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Source } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { isWithin } from '../paths/rel-path.ts';
import { openStore, openVersion } from './open-version.ts';
import type { CatRequest } from './requests.ts';
import { everything } from './selections.ts';
import { splitLocation } from './split-location.ts';
import { packTar } from './pack-tar.ts';
import { tokens } from './tokens.ts';
import { notInVersion, readVersionPath, versionEntries } from './version-entries.ts';

/**
 * The bytes of a file of a version, or a folder as a tar archive (POSIX.1-2001 pax), whose names begin with the folder's own. Rejects with
 * `snapshot-missing` also for a path that is not there, with `unsupported` for what is neither file nor folder, and with `damaged`.
 */
export async function* catEntry(program: Scope, request: CatRequest): AsyncGenerator<Uint8Array> {
  await using scope = program.child('cat');
  const { location, at } = await splitLocation(request.location, request.at);
  const store = await openStore(scope, location, request.repository);
  const source = await (await openVersion(scope, store, at)).open();
  const wanted = readVersionPath(request.path);
  const options = { signal: scope.resolve(tokens.signal) };
  const entries = entriesBelow(scope, source, wanted);
  const { value: first } = await entries.next();
  if (first === undefined) throw notInVersion(wanted, location);
  if (first.kind === 'file') yield* source.content(first).open(options);
  else if (first.kind === 'directory') yield* packTar(source, first, entries, options);
  else throw new HoldfastError('unsupported', `"${wanted}" is a ${first.kind}: it has no bytes to print.`, { path: wanted });
}

async function* entriesBelow(scope: Scope, source: Source, wanted: RelPath): AsyncGenerator<Entry, undefined> {
  const selection = { ...everything, paths: wanted === '' ? [] : [wanted] };
  for await (const entry of versionEntries(scope, source, selection)) if (isWithin(entry.path, wanted)) yield entry;
  return undefined;
}
