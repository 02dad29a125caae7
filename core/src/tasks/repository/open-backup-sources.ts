import { lstat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Scope } from '../../container/scope.ts';
import type { LocationConfig } from '../../contracts/plugin.ts';
import type { Source } from '../../contracts/source.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { BackupSource } from '../../layouts/repository/backup/backup-task.ts';
import { readRootEntry } from '../../layouts/repository/backup/read-root-entry.ts';
import { FILE_SCHEME } from '../../locations/parse-location.ts';
import type { RunLog } from '../../pipeline/run-log.ts';
import { freezeSource } from '../freeze-source.ts';
import { isInside } from '../guard-ends.ts';
import { localPath, openTaskSource, readLocation } from '../open-ends.ts';
import { leaveOut } from '../selections.ts';
import { tokens } from '../tokens.ts';
import type { BackupRequest } from './backup-request.ts';
import { placeSource } from './place-source.ts';

/** The sources of a backup, opened, and their absolute paths for the snapshot. */
export interface OpenedSources {
  readonly sources: readonly BackupSource[];
  readonly paths: readonly string[];
}

/** Opens what is to be backed up for as long as the scope lives. `repositoryPath`: the repository's own files are left out where they lie within. */
export async function openBackupSources(
  scope: Scope,
  request: BackupRequest,
  log: RunLog,
  repositoryPath: string | undefined,
): Promise<OpenedSources> {
  const locations = request.sources.map((written) => readLocation(scope, written));
  const paths = locations.map(({ scheme, text }) => (scheme === FILE_SCHEME ? resolve(text) : `${scheme}:${text}`));
  // What lies within another source goes with that one.
  const outer = locations.filter((_, index) => !paths.some((other, at) => isCovered(paths[index] as string, index, other, at)));
  const sources: BackupSource[] = [];
  for (const location of outer) sources.push(await openOne(scope, location, request, log, repositoryPath));
  return { sources, paths: [...new Set(paths)].sort() };
}

function isCovered(path: string, index: number, other: string, at: number): boolean {
  return path === other ? at < index : isInside(path, other);
}

async function openOne(
  scope: Scope,
  location: LocationConfig,
  request: BackupRequest,
  log: RunLog,
  repositoryPath: string | undefined,
): Promise<BackupSource> {
  const selection = { ...request.selection, includeState: true };
  if (location.scheme !== FILE_SCHEME) {
    const source = await openTaskSource(scope, location);
    const place = `${location.scheme}:${location.text}`.split('/').filter((name) => name !== '');
    return { source, selection, place, kind: 'tree', deviceOf: (device) => device };
  }
  const place = placeSource(location.text);
  const openAbove = aboveOf(scope, location.text, place.length);
  const kind = await kindOf(location.text);
  if (kind === 'link')
    log.warn(
      'usage',
      `${location.text} is a symbolic link: the version holds only the link.`,
      'Name what it points to, to back that up.',
    );
  if (kind === 'directory') {
    const source = await openTaskSource(scope, location);
    const ownSelection = leaveOut(selection, await localPath(location), repositoryPath);
    const frozen = await freezeSource(scope, location, source, { ...request, selection: ownSelection }, log);
    const deviceOf = frozen === source ? same : await deviceMap(scope, source, frozen);
    return { source: frozen, selection: ownSelection, place, kind: 'tree', deviceOf, openAbove };
  }
  const name = basename(resolve(location.text));
  const source = await openTaskSource(scope, { scheme: FILE_SCHEME, text: dirname(resolve(location.text)) });
  return { source, selection: { ...selection, paths: [name] }, place, kind: 'entry', deviceOf: same, openAbove };
}

async function kindOf(path: string): Promise<'directory' | 'link' | 'other'> {
  try {
    const stat = await lstat(resolve(path));
    return stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : 'other';
  } catch (cause) {
    throw new HoldfastError('source-missing', `Cannot use "${path}" as a source: it does not exist.`, { cause });
  }
}

/** A frozen view has another device number each time; the one of what was frozen is recorded. */
async function deviceMap(scope: Scope, live: Source, frozen: Source): Promise<BackupSource['deviceOf']> {
  const signal = scope.resolve(tokens.signal);
  const device = async (source: Source): Promise<bigint | undefined> =>
    (await readRootEntry(() => Promise.resolve(source), 0, signal)).entry.identity?.dev;
  const [own, view] = [await device(live), await device(frozen)];
  return own === undefined ? same : (each) => (each === view ? own : each);
}

function same(device: bigint): bigint {
  return device;
}

/** Opens the directory of the first `depth` of the `length` names that lead to a source. */
function aboveOf(scope: Scope, text: string, length: number): (depth: number) => Promise<Source> {
  return (depth) => {
    const path = resolve(text, ...Array.from({ length: length - depth }, () => '..'));
    return openTaskSource(scope, { scheme: FILE_SCHEME, text: path });
  };
}
