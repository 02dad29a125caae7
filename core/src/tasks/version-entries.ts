import type { Scope } from '../container/scope.ts';
import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Selection } from '../contracts/selection.ts';
import type { ScanSkip, Source } from '../contracts/source.ts';
import { blocksOf } from '../entries/blocks-of.ts';
import { EntryCursor } from '../entries/entry-cursor.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { toMessageEvent } from '../events/to-message-event.ts';
import { parseRelPath } from '../paths/rel-path.ts';
import type { ListedEntry } from './requests.ts';
import { tokens } from './tokens.ts';

/** The selected entries of a source in tree order. What cannot be read is told, and the rest comes; then it rejects with the first of it. */
export async function* versionEntries(scope: Scope, source: Source, selection: Selection): AsyncGenerator<Entry, void> {
  const skipped: ScanSkip[] = [];
  const onSkip = (skip: ScanSkip): void => void skipped.push(skip);
  const options = { selection, signal: scope.resolve(tokens.signal), onSkip, onExclude: (): void => undefined };
  const cursor = new EntryCursor(blocksOf(source.scan(options)));
  try {
    for (await cursor.start(); !cursor.done; ) {
      yield cursor.entry();
      if (!cursor.advance()) await cursor.refill();
    }
  } finally {
    await cursor.close();
  }
  const errors = skipped.map(toError);
  const last = errors.pop();
  for (const error of errors) scope.resolve(tokens.sink)(toMessageEvent(error));
  if (last !== undefined) throw last;
}

function toError({ path, code, message }: ScanSkip): HoldfastError {
  return new HoldfastError(code === 'damaged' ? 'state-damaged' : 'not-found', message, { path });
}

/** A path of a version as a user writes it: slashes around it, and `./` before it, mean nothing. Throws `name-not-allowed`. */
export function readVersionPath(written: string): RelPath {
  return parseRelPath(written.replace(/^\/+|\/+$/g, '').replace(/^\.(\/|$)/, ''));
}

export function describeEntry(entry: Entry): ListedEntry {
  const { mtimeNs, mode, uid, gid } = entry.metadata;
  return {
    path: entry.path,
    kind: entry.kind,
    size: sizeOf(entry),
    ...(mtimeNs === undefined ? {} : { mtimeNs }),
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined || gid === undefined ? {} : { uid, gid }),
    ...(entry.kind === 'symlink' ? { target: entry.target } : {}),
  };
}

/** Bytes of a file; 0n of what has none. */
export function sizeOf(entry: Entry): bigint {
  return entry.kind === 'file' || entry.kind === 'image' ? entry.size : 0n;
}

export function notInVersion(path: RelPath, location: string): HoldfastError {
  return new HoldfastError('snapshot-missing', `"${path}" is not in this version of ${location}.`, { path });
}
