import type { Scope } from '../container/scope.ts';
import type { LocationConfig } from '../contracts/plugin.ts';
import type { Source } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { FILE_SCHEME } from '../locations/parse-location.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import { openTaskSource } from './open-ends.ts';
import type { CloneRequest } from './requests.ts';
import { tokens } from './tokens.ts';

/**
 * The source as it is at this moment, where its file system can be frozen; else the source itself. The snapshot is removed with
 * the scope. Rejects with `unsupported` when freezing is required and nothing can.
 */
export async function freezeSource(
  scope: Scope,
  from: LocationConfig,
  source: Source,
  wish: CloneRequest['snapshot'],
  log: RunLog,
): Promise<Source> {
  const root = source.traits.localRoot;
  if (wish === 'off' || from.scheme !== FILE_SCHEME || root === undefined) return source;
  const signal = scope.resolve(tokens.signal);
  for (const provider of await scope.resolve(tokens.registry).snapshots(from.scheme)) {
    if (!(await provider.probe(root, { signal }))) continue;
    try {
      const view = await provider.acquire(root, { signal });
      scope.defer(async () => view[Symbol.asyncDispose]());
      return withTraitsOf(source, await openTaskSource(scope, { scheme: FILE_SCHEME, text: view.root }));
    } catch (error) {
      signal.throwIfAborted();
      if (wish === 'required') throw error;
      log.warn(
        'unsupported',
        `${root} could not be frozen (${error instanceof Error ? error.message : String(error)}); it is copied as it is.`,
      );
    }
  }
  if (wish === 'auto') return source;
  throw new HoldfastError('unsupported', `${root} cannot be frozen: its file system has no snapshots that Holdfast can make.`, {
    hint: 'Leave out --snapshot=required, or copy from a btrfs subvolume.',
  });
}

/** The frozen tree is the same source to the records: it goes by the name and identity of what was frozen. */
function withTraitsOf(source: Source, frozen: Source): Source {
  return {
    traits: source.traits,
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
