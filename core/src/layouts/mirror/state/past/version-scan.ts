import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import type { ScanOptions } from '../../../../contracts/source.ts';
import type { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { readIno, readNlink, readSize, readTimeNs } from '../../../../entries/stat-reader.ts';
import { KIND_DIRECTORY, KIND_FILE, KIND_IMAGE, STAT_BYTES, StatField } from '../../../../entries/stat-record.ts';
import { compileSelection, type SelectionAnswer } from '../../../../selection/compile-selection.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';
import { type Fingerprint, fingerprintOf } from './fingerprint.ts';
import type { ArchivedLinks } from './archived-links.ts';
import type { LinkNames } from './link-names.ts';
import type { KeptLocation, Location, Locator } from './locator.ts';
import { selectRows } from './select-rows.ts';
import { type FileVersion, isVersion } from './version-content.ts';

type Cursor = EntryCursor<ManifestBlock>;
interface Version extends Pick<FileVersion, 'size' | 'mtimeNs'> {
  /** Of the copy, where it had several names. */
  readonly linkedIno: bigint | undefined;
}

export interface VersionScanRequest {
  readonly destination: Destination;
  readonly locator: Locator;
  readonly linkNames: LinkNames;
  readonly archivedLinks: ArchivedLinks;
  readonly options: ScanOptions;
  /** Told where an entry is that is not at its own path or not untouched there. */
  readonly onElsewhere: (path: RelPath, location: KeptLocation) => void;
}

/** The rows of a version that are selected and whose bytes are kept; a file that is not kept goes to `onSkip`. */
export function scanVersion(state: AsyncIterable<ManifestBlock>, request: VersionScanRequest): AsyncIterable<ManifestBlock> {
  const { locator, options } = request;
  const selection = compileSelection(options.selection);
  if (selection.trivial && locator.isTrivial) return state;
  const select = (cursor: Cursor): SelectionAnswer => {
    if (selection.trivial) return 'in';
    const isDirectory = cursor.kindCode === KIND_DIRECTORY;
    const size = cursor.kindCode === KIND_FILE ? readSize(cursor.stat) : undefined;
    const isOut = selection.excludes(cursor.path, isDirectory, size);
    if (isOut) options.onExclude(1);
    return isOut ? 'out' : selection.decide(cursor.path, isDirectory);
  };
  return selectRows(state, { select, keep: (cursor) => (locator.isTrivial ? true : keepRow(cursor, request)) });
}

function keepRow(cursor: Cursor, request: VersionScanRequest): boolean | Promise<boolean> {
  const { path, kindCode, stat } = cursor;
  const { locator } = request;
  if (kindCode !== KIND_FILE && kindCode !== KIND_IMAGE) {
    if (locator.isTouched(path)) request.onElsewhere(path, { kind: 'kept', key: path, isUntouched: false });
    return true;
  }
  const fingerprint = fingerprintOf(cursor.block, cursor.index);
  const locations = locator.locate(path, fingerprint);
  const [first] = locations;
  const isCertain = locations.length === 1 && first !== undefined;
  if (isCertain && first.kind === 'kept') return accept(path, first, request);
  const linkedIno = linkedInoOf(cursor);
  const version: Version = { size: readSize(stat), mtimeNs: readTimeNs(stat, StatField.mtime), linkedIno };
  return search(path, fingerprint, version, request).then((found) => accept(path, found, request));
}

function accept(path: RelPath, location: Location, { options, onElsewhere }: VersionScanRequest): boolean {
  if (location.kind === 'lost') {
    const message = `"${path}" is not kept any more: ${location.reason}.`;
    options.onSkip({ path, code: 'not-found', message, subtree: false });
    return false;
  }
  if (location.key !== path || !location.isUntouched) onElsewhere(path, location);
  return true;
}

/** Looks at all places where the file may be: a run was cut short while it moved it, or it has other names that may be kept. */
async function search(path: RelPath, fingerprint: Fingerprint, version: Version, request: VersionScanRequest): Promise<Location> {
  const { locator, linkNames } = request;
  const own = locator.locate(path, fingerprint);
  const names = [{ path, fingerprint }, ...(await linkNames.of(fingerprint))];
  const shared = names.flatMap((name) => [
    ...locator.locate(name.path, name.fingerprint),
    ...locator.locateLinks(name.path, name.fingerprint),
  ]);
  const archived = own.length === 1 ? [] : locator.archivePlaces(path, fingerprint);
  const elsewhere = [...shared.flatMap((location) => (location.kind === 'kept' ? [location.key] : [])), ...archived];
  for (const location of [...own, ...elsewhere.map(keptAt)]) {
    if (location.kind === 'kept' && (await isThere(location.key, version, request))) return location;
  }
  const links = version.linkedIno === undefined ? [] : await request.archivedLinks.of(version.linkedIno, request.options);
  for (const key of links) if (await isThere(key, version, request)) return keptAt(key);
  const reason = 'a run that was cut short moved it, and it is in none of the places where it can be';
  return own.find(({ kind }) => kind === 'lost') ?? { kind: 'lost', reason };
}

function keptAt(key: RelPath): KeptLocation {
  return { kind: 'kept', key, isUntouched: false };
}

function linkedInoOf({ block, statOffset }: Cursor): bigint | undefined {
  const stat = block.destinationStats.subarray(statOffset, statOffset + STAT_BYTES);
  return readNlink(stat) > 1 ? readIno(stat) : undefined;
}

async function isThere(key: RelPath, version: Version, { destination, options }: VersionScanRequest): Promise<boolean> {
  return isVersion(await destination.stat(key, options), version, destination.traits.mtimeResolutionNs);
}
