import type { CallOptions } from '../../contracts/call-options.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { Selection } from '../../contracts/selection.ts';
import { EntryCursor } from '../../entries/entry-cursor.ts';
import { toEntryBlock } from '../../entries/entry-block-builder.ts';
import { baseName, parentPath } from '../../paths/rel-path.ts';

/** Where the symbolic link at `key` points; undefined where it is none, or the destination cannot tell. */
export async function readTarget(inner: Destination, key: RelPath, { signal }: CallOptions): Promise<string | undefined> {
  const { directories } = inner.capabilities;
  if (directories === undefined) return undefined;
  const ignore = (): void => undefined;
  const options = { selection: only(baseName(key)), onSkip: ignore, onExclude: ignore, ...(signal && { signal }) };
  for await (const batch of directories.scan(parentPath(key), options)) {
    const cursor = new EntryCursor(single(toEntryBlock(batch)));
    for (await cursor.start(); !cursor.done; ) {
      const entry = cursor.depth === 1 ? cursor.entry() : undefined;
      if (entry?.kind === 'symlink' && entry.path === baseName(key)) return entry.target;
      if (!cursor.advance()) await cursor.refill();
    }
  }
  return undefined;
}

async function* single<T>(value: T): AsyncGenerator<T, void, undefined> {
  yield value;
}

function only(path: string): Selection {
  return {
    rules: [],
    excludeIfPresent: [],
    excludeCaches: false,
    oneFileSystem: true,
    paths: [path],
    includeState: true,
  };
}
