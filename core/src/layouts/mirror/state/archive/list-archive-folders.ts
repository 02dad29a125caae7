import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { Selection } from '../../../../contracts/selection.ts';
import { EntryCursor } from '../../../../entries/entry-cursor.ts';
import { KIND_DIRECTORY } from '../../../../entries/stat-record.ts';
import { blocksOf } from '../../../../entries/blocks-of.ts';
import { parseRunId } from '../records/run-id.ts';
import { archiveRoot } from '../state-keys.ts';
import { wholeTree } from '../whole-tree.ts';

export interface ArchiveFolders {
  /** Ids of the runs that have an archive folder. */
  readonly runIds: ReadonlySet<string>;
  /** Ids of those whose folder was being removed when that was interrupted. */
  readonly leftovers: ReadonlySet<string>;
}

/** Leaves out everything below the folders themselves. */
const foldersOnly: Selection = { ...wholeTree, rules: [{ effect: 'exclude', pattern: '/*/*' }] };

/** Which archive folders there are. What is not named as a run is none. */
export async function listArchiveFolders(destination: Destination, options: CallOptions): Promise<ArchiveFolders> {
  const runIds = new Set<string>();
  const leftovers = new Set<string>();
  for await (const name of folderNames(destination, options)) {
    const [, runId = '', ending] = /^(.+?)([.]pruned)?$/.exec(name) ?? [];
    if (parseRunId(runId) !== undefined) (ending === undefined ? runIds : leftovers).add(runId);
  }
  return { runIds, leftovers };
}

/** Where there are directories they alone are read; elsewhere names are the first parts of all keys. */
async function* folderNames(destination: Destination, options: CallOptions): AsyncGenerator<string> {
  const { directories } = destination.capabilities;
  if (directories === undefined) {
    for await (const objects of destination.list(archiveRoot, options)) {
      for (const { key } of objects) yield key.slice(archiveRoot.length + 1).split('/', 1)[0] ?? '';
    }
  } else if ((await destination.stat(archiveRoot, options)) !== undefined) {
    const ignore = (): void => undefined;
    const scan = directories.scan(archiveRoot, { ...options, selection: foldersOnly, onSkip: ignore, onExclude: ignore });
    yield* directoryNames(new EntryCursor(blocksOf(scan)));
  }
}

async function* directoryNames(cursor: EntryCursor): AsyncGenerator<string> {
  await cursor.start();
  while (!cursor.done) {
    do if (cursor.depth === 1 && cursor.kindCode === KIND_DIRECTORY) yield cursor.path;
    while (cursor.advance());
    await cursor.refill();
  }
}
