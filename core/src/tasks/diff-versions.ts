import type { Scope } from '../container/scope.ts';
import type { CallOptions } from '../contracts/call-options.ts';
import type { Entry, EntryMetadata } from '../contracts/entry.ts';
import type { Source } from '../contracts/source.ts';
import { comparePaths } from '../paths/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { openStore, type OpenedVersion, openVersion } from './open-version.ts';
import type { Difference, DiffRequest } from './requests.ts';
import { everything } from './selections.ts';
import { splitLocation } from './split-location.ts';
import { tokens } from './tokens.ts';
import { sizeOf, versionEntries } from './version-entries.ts';

interface Side {
  readonly version: OpenedVersion;
  readonly source: Source;
}

/** What is different in `to`, in tree order. Rejects with what opening a location rejects with. */
export async function* diffVersions(program: Scope, request: DiffRequest): AsyncGenerator<Difference> {
  await using scope = program.child('diff');
  const from = await splitLocation(request.from, undefined);
  const to = request.to.startsWith('@')
    ? { location: from.location, at: request.to.slice(1) }
    : await splitLocation(request.to, undefined);
  if (from.location !== to.location)
    throw new HoldfastError('usage', 'The two versions must be of one location.', {
      hint: `Write the second as @SNAPSHOT, or as ${from.location}@SNAPSHOT.`,
    });
  const store = await openStore(scope, from.location, request.repository);
  const sides: Side[] = [];
  for (const at of [from.at, to.at]) {
    const version = await openVersion(scope, store, at);
    sides.push({ version, source: await version.open() });
  }
  yield* compareSides(scope, sides[0] as Side, sides[1] as Side);
}

async function* compareSides(scope: Scope, before: Side, after: Side): AsyncGenerator<Difference> {
  const options = { signal: scope.resolve(tokens.signal) };
  const left = versionEntries(scope, before.source, everything);
  const right = versionEntries(scope, after.source, everything);
  let [old, now] = [await next(left), await next(right)];
  try {
    while (old !== undefined || now !== undefined) {
      const order = old === undefined ? 1 : now === undefined ? -1 : comparePaths(old.path, now.path);
      if (order < 0 && old !== undefined) yield { ...describe('removed', old), sizeBefore: sizeOf(old) };
      else if (order > 0 && now !== undefined) yield { ...describe('added', now), sizeAfter: sizeOf(now) };
      else if (old !== undefined && now !== undefined) {
        const change = await changeOf(old, now, before, after, options);
        if (change !== undefined) yield { ...describe(change, now), sizeBefore: sizeOf(old), sizeAfter: sizeOf(now) };
      }
      if (order <= 0) old = await next(left);
      if (order >= 0) now = await next(right);
    }
  } finally {
    await Promise.all([left.return(), right.return()]);
  }
}

async function next(entries: AsyncGenerator<Entry, void>): Promise<Entry | undefined> {
  const { value } = await entries.next();
  return value ?? undefined;
}

function describe(change: Difference['change'], { path, kind }: Entry): Difference {
  return { change, path, kind };
}

async function changeOf(
  old: Entry,
  now: Entry,
  before: Side,
  after: Side,
  options: CallOptions,
): Promise<Difference['change'] | undefined> {
  if (old.kind !== now.kind) return 'type';
  if ((await contentOf(old, before)) !== (await contentOf(now, after))) return 'changed';
  const [[a = {}], [b = {}]] = await Promise.all([before.source.describe([old], options), after.source.describe([now], options)]);
  return sameMetadata(a, b) ? undefined : 'metadata';
}

/** The same text means the same content. */
async function contentOf(entry: Entry, { version }: Side): Promise<string> {
  switch (entry.kind) {
    case 'file':
    case 'image':
      return version.fingerprint(entry);
    case 'symlink':
      return entry.target;
    case 'char-device':
    case 'block-device':
      return String(entry.device);
    default:
      return '';
  }
}

function sameMetadata(a: EntryMetadata, b: EntryMetadata): boolean {
  const plain = ({ mtimeNs, mode, uid, gid, flags = 0 }: EntryMetadata): string => [mtimeNs, mode, uid, gid, flags].join();
  return plain(a) === plain(b) && attributes(a) === attributes(b);
}

function attributes({ xattrs }: EntryMetadata): string {
  const lines = Array.from(xattrs ?? [], ([name, value]) => `${name}=${Buffer.from(value).toString('hex')}`);
  return lines.sort().join('\n');
}
