import type { CallOptions } from '../../contracts/call-options.ts';
import type { Content } from '../../contracts/content.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { ErrorCode } from '../../errors/error-table.ts';
import { isHoldfastError } from '../../errors/holdfast-error.ts';
import { compareContents } from '../../verification/compare-contents.ts';
import type { OwnCalls } from '../layer.ts';
import { readTarget } from './read-target.ts';
import { resumingRead } from './resuming-read.ts';
import type { RetriedCall, Retrier } from './retrier.ts';

/**
 * Calls that do not say the same when they are made twice. The first try may have worked although its answer was lost: where a later
 * one is refused for that reason, what is there decides. Whatever cannot be proved stays refused.
 */
export function checkedCalls(inner: Destination, retrier: Retrier): OwnCalls {
  const { createOnly, links, special, move } = inner.capabilities;
  return {
    ...(createOnly && { 'createOnly.create': (key, content, options) => createOnce(inner, retrier, key, content, options) }),
    ...(links && {
      'links.symlink': (key, target, options) =>
        repeatChecked(retrier, callOf('links.symlink', key, options), {
          attempt: () => links.symlink(key, target, options),
          refusal: 'exists',
          happened: () => hasTarget(inner, key, target, options),
        }),
      'links.hardLink': (existing, key, options) =>
        repeatChecked(retrier, callOf('links.hardLink', key, options), {
          attempt: () => links.hardLink(existing, key, options),
          refusal: 'exists',
          happened: () => isSameObject(inner, existing, key, options),
        }),
    }),
    ...(special && {
      'special.create': (key, entry, options) =>
        repeatChecked(retrier, callOf('special.create', key, options), {
          attempt: () => special.create(key, entry, options),
          refusal: 'exists',
          happened: async () => (await inner.stat(key, options))?.kind === entry.kind,
        }),
    }),
    ...(move && {
      move: (from, to, options) =>
        repeatChecked(retrier, callOf('move', from, options), {
          attempt: () => move(from, to, options),
          refusal: 'not-found',
          happened: async () => (await inner.stat(from, options)) === undefined && (await inner.stat(to, options)) !== undefined,
        }),
    }),
  };
}

const callOf = (name: RetriedCall['name'], key: RelPath, { signal }: CallOptions): RetriedCall => ({ name, key, signal });

interface CheckedAttempt {
  readonly attempt: () => Promise<void>;
  /** What a second try says where the first one worked. */
  readonly refusal: ErrorCode;
  /** Whether what is there shows that the first one worked. */
  readonly happened: () => Promise<boolean>;
}

function repeatChecked(retrier: Retrier, call: RetriedCall, { attempt, refusal, happened }: CheckedAttempt): Promise<void> {
  let unsure = false;
  return retrier.run(call, async () => {
    try {
      await attempt();
    } catch (error) {
      if (unsure && isHoldfastError(error, refusal) && (await happened())) return;
      unsure ||= mayHaveHappened(error);
      throw error;
    }
  });
}

/** Of two at once exactly one may hear `created`, and the one that did create it must. */
function createOnce(
  inner: Destination,
  retrier: Retrier,
  key: RelPath,
  content: Content,
  options: CallOptions,
): Promise<'created' | 'exists'> {
  let unsure = false;
  const isOurs = async (): Promise<boolean> => {
    const info = await inner.stat(key, options);
    if (info?.kind !== 'file' || (content.size !== undefined && info.size !== content.size)) return false;
    return (await compareContents(content, resumingRead(inner, key, options, retrier), options)).equal;
  };
  return retrier.run(callOf('createOnly.create', key, options), async () => {
    try {
      const answer = (await inner.capabilities.createOnly?.create(key, content, options)) ?? 'exists';
      if (answer === 'created' || !unsure) return answer;
      return (await isOurs()) ? 'created' : 'exists';
    } catch (error) {
      unsure ||= mayHaveHappened(error);
      throw error;
    }
  });
}

/** A destination that asks us to slow down did nothing; after any other error that may pass it is not known. */
function mayHaveHappened(error: unknown): boolean {
  return isHoldfastError(error) && error.row.retry !== 'never' && error.code !== 'throttled';
}

async function isSameObject(inner: Destination, a: RelPath, b: RelPath, options: CallOptions): Promise<boolean> {
  const [one, other] = await Promise.all([inner.stat(a, options), inner.stat(b, options)]);
  return one?.version !== undefined && one.version === other?.version && one.size === other.size;
}

async function hasTarget(inner: Destination, key: RelPath, target: string, options: CallOptions): Promise<boolean> {
  const info = await inner.stat(key, options);
  return info?.kind === 'symlink' && (await readTarget(inner, key, options)) === target;
}
