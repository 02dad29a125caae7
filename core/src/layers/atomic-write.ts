import type { CallOptions } from '../contracts/call-options.ts';
import type { Destination, ObjectInfo } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { joinPath, parentPath } from '../paths/rel-path.ts';
import type { OwnCalls } from './layer.ts';
import { passThrough } from './pass-through.ts';
import { wrapDestination } from './wrap-destination.ts';

/** Names of what was not finished: `.holdfast-tmp-RUN-NUMBER`. */
const TEMPORARY_PREFIX = '.holdfast-tmp-';

/**
 * Makes whole-object calls appear in one step where the destination cannot: they go to a temporary name beside the key, which is then
 * moved over it. `runId` is in each temporary name, so that a later run knows it. Throws `unsupported` where it cannot move either.
 * A `create` is passed on as it is: what decides between two at once must be the destination's own step.
 */
export function writeAtomically(inner: Destination, runId: string): Destination {
  const { move } = inner.capabilities;
  if (move === undefined) {
    const message = `${inner.traits.displayName} can neither replace a file in one step nor rename one, so an interruption could leave half a file.`;
    throw new HoldfastError('unsupported', message);
  }
  let count = 0;
  const stage: Stage = {
    inner,
    temporaryFor: (key) => joinPath(parentPath(key), `${TEMPORARY_PREFIX}${runId}-${count++}`),
    move: (from, to, options) => inner.capabilities.move?.(from, to, options) ?? Promise.resolve(),
  };
  const wrapped = wrapDestination(inner, { ...passThrough, own: () => stagedCalls(stage) });
  return { ...wrapped, traits: { ...inner.traits, atomicReplace: true } };
}

interface Stage {
  readonly inner: Destination;
  temporaryFor(key: RelPath): RelPath;
  move(from: RelPath, to: RelPath, options: CallOptions): Promise<void>;
}

function stagedCalls(stage: Stage): OwnCalls {
  const { copy, cloneFrom } = stage.inner.capabilities;
  return {
    write: async (key, content, options) => {
      const info = await throughTemporary(stage, key, options, (temporary) => stage.inner.write(temporary, content, options));
      return publishedInfo(stage.inner, key, info, options);
    },
    ...(copy && {
      copy: async (from, to, options) => {
        await throughTemporary(stage, to, options, (temporary) => copy(from, temporary, options));
      },
    }),
    ...(cloneFrom && {
      cloneFrom: (local, key, options) =>
        throughTemporary(stage, key, options, (temporary) => cloneFrom(local, temporary, options)),
    }),
  };
}

/** Fills a temporary name and moves it to `key`; `false` from `fill` means that nothing was made. */
async function throughTemporary<T>(
  stage: Stage,
  key: RelPath,
  options: CallOptions,
  fill: (temporary: RelPath) => Promise<T>,
): Promise<T> {
  const temporary = stage.temporaryFor(key);
  try {
    const answer = await fill(temporary);
    if (answer !== false) await stage.move(temporary, key, options);
    return answer;
  } catch (error) {
    await drop(stage.inner, temporary);
    throw error;
  }
}

/** The signal of the call may be what ended it, so it does not end the cleaning up. What cannot be removed a later run finds by its name. */
async function drop(inner: Destination, temporary: RelPath): Promise<void> {
  try {
    await inner.remove(temporary, {});
  } catch {
    // The error that led here says more.
  }
}

/** What is at the key after the move: a rename may change the version that the write answered. */
async function publishedInfo(
  inner: Destination,
  key: RelPath,
  written: ObjectInfo,
  { signal }: CallOptions,
): Promise<ObjectInfo> {
  const now = await inner.stat(key, signal === undefined ? {} : { signal });
  const { version: _, ...staged } = written;
  return { ...staged, ...now, key, ...(written.digests === undefined ? {} : { digests: written.digests }) };
}
