import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import type { ScanOptions } from '../../../../contracts/source.ts';
import type { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { readSize, readTimeNs } from '../../../../entries/stat-reader.ts';
import { KIND_DIRECTORY, KIND_FILE, kindCodes, StatField } from '../../../../entries/stat-record.ts';
import { compileSelection, type SelectionAnswer } from '../../../../selection/compile-selection.ts';
import type { ManifestBlock } from '../manifest/manifest-block.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { KeptLocation, Location, Locator } from './locator.ts';
import { selectRows } from './select-rows.ts';
import { isVersion } from './version-content.ts';

type Cursor = EntryCursor<ManifestBlock>;

export interface VersionScanRequest {
  readonly destination: Destination;
  readonly locator: Locator;
  readonly options: ScanOptions;
  /** Told where an entry is that is not at its own path or not untouched there. */
  readonly onElsewhere: (path: RelPath, location: KeptLocation) => void;
}

const KIND_IMAGE = kindCodes.indexOf('image');

/** The rows of a version that are selected and whose bytes are kept; a file that is not kept goes to `onSkip`. */
export function scanVersion(state: AsyncIterable<ManifestBlock>, request: VersionScanRequest): AsyncIterable<ManifestBlock> {
  const { locator, options } = request;
  const selection = compileSelection(options.selection);
  if (selection.trivial && locator.isTrivial) return state;
  const select = (cursor: Cursor): SelectionAnswer => {
    if (selection.trivial) return 'in';
    const isDirectory = cursor.kindCode === KIND_DIRECTORY;
    const isOut = selection.excludes(cursor.path, isDirectory, cursor.kindCode === KIND_FILE ? readSize(cursor.stat) : undefined);
    if (isOut) options.onExclude(1);
    return isOut ? 'out' : selection.decide(cursor.path, isDirectory);
  };
  return selectRows(state, { select, keep: (cursor) => (locator.isTrivial ? true : keepRow(cursor, request)) });
}

function keepRow(cursor: Cursor, request: VersionScanRequest): boolean | Promise<boolean> {
  const { path, kindCode } = cursor;
  if (kindCode !== KIND_FILE && kindCode !== KIND_IMAGE) {
    if (request.locator.isTouched(path)) request.onElsewhere(path, { kind: 'kept', key: path, isUntouched: false });
    return true;
  }
  const [first, ...others] = request.locator.locate(path, fingerprintOf(cursor.block, cursor.index));
  if (first === undefined) return true;
  return others.length === 0 ? accept(path, first, request) : chooseLocation(cursor, [first, ...others], request);
}

function accept(path: RelPath, location: Location, { options, onElsewhere }: VersionScanRequest): boolean {
  if (location.kind === 'lost') {
    options.onSkip({ path, code: 'not-found', message: `"${path}" is not kept any more: ${location.reason}.`, subtree: false });
    return false;
  }
  if (location.key !== path || !location.isUntouched) onElsewhere(path, location);
  return true;
}

/** A run was cut short while it moved the file: looks which of the places holds it. */
async function chooseLocation(cursor: Cursor, locations: readonly Location[], request: VersionScanRequest): Promise<boolean> {
  const { path, stat } = cursor;
  const { destination, options } = request;
  const version = { size: readSize(stat), mtimeNs: readTimeNs(stat, StatField.mtime) };
  for (const location of locations) {
    if (location.kind === 'lost') continue;
    const found = await destination.stat(location.key, options);
    if (isVersion(found, version, destination.traits.mtimeResolutionNs)) return accept(path, location, request);
  }
  const lost = locations.find(({ kind }) => kind === 'lost');
  return accept(
    path,
    lost ?? { kind: 'lost', reason: 'a run that was cut short moved it, and it is in none of the places where it can be' },
    request,
  );
}
