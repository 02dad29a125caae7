import type { Destination, ObjectInfo } from '../contracts/destination.ts';
import type { Entry } from '../contracts/entry.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { rootPath } from '../paths/rel-path.ts';

/** Stands for a destination that does not exist yet, in a dry run: nothing is there, and nothing can be written. */
export function absentDestination(displayName: string): Destination {
  const refuse = (): never => {
    throw new HoldfastError('internal', `A dry run tried to write to ${displayName}.`);
  };
  return {
    traits: {
      displayName,
      atomicReplace: true,
      caseSensitive: true,
      normalises: false,
      mtimeResolutionNs: 1n,
      maxKeyBytes: Number.MAX_SAFE_INTEGER,
      maxSegmentBytes: Number.MAX_SAFE_INTEGER,
      forbiddenCharacters: '',
      maxConnections: 1,
    },
    // The root is there when the run has begun, with whatever times and owner it is made with; it is taken to have hard links.
    capabilities: { directories: { create: refuse, scan: onlyRoot }, links: { symlink: refuse, hardLink: refuse } },
    stat: () => Promise.resolve(undefined),
    read: (key) => {
      throw new HoldfastError('not-found', `"${key}" is not at ${displayName}, which does not exist.`, { path: key });
    },
    write: refuse,
    flush: refuse,
    remove: refuse,
    list: nothing,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function* onlyRoot(): AsyncGenerator<readonly Entry[]> {
  yield [{ kind: 'directory', path: rootPath, metadata: {} }];
}

async function* nothing(): AsyncGenerator<readonly ObjectInfo[]> {
  // It holds nothing.
}
