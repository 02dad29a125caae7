import type { Scope } from '../container/scope.ts';
import type { LocationConfig } from '../contracts/plugin.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Selection } from '../contracts/selection.ts';
import type { FrozenView, SnapshotProvider } from '../contracts/snapshot.ts';
import type { Source } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { FILE_SCHEME } from '../locations/parse-location.ts';
import { parentPath } from '../paths/rel-path.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import { compileSelection } from '../selection/compile-selection.ts';
import { openTaskSource } from './open-ends.ts';
import type { CloneRequest } from './requests.ts';
import { tokens } from './tokens.ts';

type Wishes = Pick<CloneRequest, 'snapshot' | 'selection' | 'dryRun'>;

/**
 * The source as it is at this moment, where its file system can be frozen and the snapshot holds all that is selected; else the source
 * itself. The snapshot is removed with the scope. A dry run makes none. Rejects with `unsupported` when freezing is required and nothing can.
 */
export async function freezeSource(
  scope: Scope,
  from: LocationConfig,
  source: Source,
  wishes: Wishes,
  log: RunLog,
): Promise<Source> {
  const root = source.traits.localRoot;
  if (wishes.snapshot === 'off') return source;
  const provider = from.scheme === FILE_SCHEME && root !== undefined ? await findProvider(scope, root) : undefined;
  if (provider === undefined || root === undefined) return copyAsItIs(scope, source, wishes);
  try {
    await requireWhole(scope, provider, root, wishes.selection);
    if (wishes.dryRun) return source;
    const view = await acquire(scope, provider, root, log);
    scope.resolve(tokens.logger).info({ source: root, snapshot: view.root, provider: provider.name }, 'the source is frozen');
    return withTraitsOf(source, await openTaskSource(scope, { scheme: FILE_SCHEME, text: view.root }));
  } catch (error) {
    scope.resolve(tokens.signal).throwIfAborted();
    if (wishes.snapshot === 'required') throw error;
    return copyAsItIs(scope, source, wishes, error);
  }
}

async function findProvider(scope: Scope, root: string): Promise<SnapshotProvider | undefined> {
  const signal = scope.resolve(tokens.signal);
  for (const provider of await scope.resolve(tokens.registry).snapshots(FILE_SCHEME))
    if (await provider.probe(root, { signal })) return provider;
  return undefined;
}

/** That a source cannot be frozen is usual, and no warning: most file systems have no snapshots. */
function copyAsItIs(scope: Scope, source: Source, { snapshot }: Wishes, error?: unknown): Source {
  const { displayName } = source.traits;
  const reason = error instanceof Error ? error.message : 'its file system has no snapshots that Holdfast can make here';
  if (snapshot === 'required') {
    throw new HoldfastError('unsupported', `${displayName} cannot be frozen: ${reason}.`, {
      hint: 'Copy from a btrfs subvolume, as root; or leave out --snapshot=required, and let nothing write to it meanwhile.',
    });
  }
  scope.resolve(tokens.logger).info({ source: displayName, reason }, 'the source is not frozen, it is copied as it is');
  return source;
}

async function acquire(scope: Scope, provider: SnapshotProvider, root: string, log: RunLog): Promise<FrozenView> {
  const view = await provider.acquire(root, { signal: scope.resolve(tokens.signal) });
  scope.defer(async () => {
    try {
      await view[Symbol.asyncDispose]();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('write-failed', `The snapshot ${view.root} could not be removed: ${reason}.`, 'The next run removes it.');
    }
  });
  return view;
}

/** What a snapshot lacks looks like an empty directory, and must not be taken for one. */
async function requireWhole(scope: Scope, provider: SnapshotProvider, root: string, selection: Selection): Promise<void> {
  if (selection.oneFileSystem) return;
  const { excludes } = compileSelection(selection);
  const isLeftOut = (path: RelPath): boolean => path !== '' && (excludes(path, true) || isLeftOut(parentPath(path)));
  const gaps = await provider.gaps(root, { signal: scope.resolve(tokens.signal) });
  const lacking = gaps.filter((path) => !isLeftOut(path));
  if (lacking.length === 0) return;
  const names = lacking.slice(0, 3).map((path) => JSON.stringify(path));
  throw new HoldfastError(
    'unsupported',
    `${root} cannot be frozen as a whole: other subvolumes or file systems lie in it (${names.join(', ')}${lacking.length > names.length ? ', …' : ''}).`,
    { hint: 'Leave them out with --exclude or --one-file-system, and clone each of them on its own.' },
  );
}

/** The frozen tree is the same source to the records: it goes by the name and identity of what was frozen. Its files are read in the snapshot. */
function withTraitsOf(source: Source, frozen: Source): Source {
  const { filesRoot: _live, ...traits } = source.traits;
  const { filesRoot } = frozen.traits;
  return {
    traits: { ...traits, ...(filesRoot === undefined ? {} : { filesRoot }) },
    scan: (options) => frozen.scan(options),
    describe: (entries, options) => frozen.describe(entries, options),
    content: (entry) => frozen.content(entry),
    ...(frozen.extents === undefined ? {} : { extents: (entry, options) => frozen.extents?.(entry, options) ?? nothing() }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function* nothing(): AsyncGenerator<never> {
  // It has no extents.
}
