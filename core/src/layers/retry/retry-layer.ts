import type { Destination } from '../../contracts/destination.ts';
import type { HoldfastError } from '../../errors/holdfast-error.ts';
import type { CallName } from '../call-table.ts';
import type { Layer, OwnCalls } from '../layer.ts';
import { checkedCalls } from './checked-calls.ts';
import { resumingExtents } from './resuming-extents.ts';
import { resumingList } from './resuming-list.ts';
import { resumingRead } from './resuming-read.ts';
import { resumingScan } from './resuming-scan.ts';
import type { Retrier } from './retrier.ts';

/**
 * How each call is tried again after an error that may pass.
 * `always`: doing it twice is doing it once. `checked`: the first try may have worked although its answer was an error; a later try
 * that seems to say otherwise is checked. `resumed`: a stream goes on where it broke. `unanswered`: only when no answer came.
 * `refused`: only when the destination did not begin. `never`: not here.
 */
const repeats: Readonly<Record<CallName, 'always' | 'checked' | 'resumed' | 'unanswered' | 'refused' | 'never'>> = {
  'stat': 'always',
  'read': 'resumed',
  'write': 'always',
  // A system tells once that it lost what it was to keep (fsync(2), "fsyncgate"): asked again it says yes.
  'flush': 'unanswered',
  'remove': 'always',
  'list': 'resumed',
  'directories.create': 'always',
  'directories.scan': 'resumed',
  'metadata.apply': 'always',
  'metadata.read': 'always',
  'links.symlink': 'checked',
  'links.hardLink': 'checked',
  'special.create': 'checked',
  'move': 'checked',
  'copy': 'always',
  'cloneFrom': 'always',
  'extents': 'resumed',
  'patch.begin': 'always',
  'patch.writeAt': 'always',
  'patch.setSize': 'always',
  'patch.commit': 'refused',
  'patch.discard': 'always',
  'digests.compute': 'always',
  'createOnly.create': 'checked',
  'retention.protectUntil': 'always',
  'usage.usage': 'always',
  // A lock that was taken without our knowing would keep ourselves out.
  'lock.acquire': 'refused',
  // Its operations come as a stream that cannot be asked for again; each tells its own error in its result.
  'batch.run': 'never',
  'packedBatch.run': 'never',
  'contentBatch.run': 'never',
};

const mayRepeat: Readonly<Record<'always' | 'unanswered' | 'refused', (error: HoldfastError) => boolean>> = {
  always: () => true,
  unanswered: ({ code }) => code === 'throttled' || code === 'connection-lost' || code === 'timed-out',
  refused: ({ code }) => code === 'throttled',
};

/** Tries again what may pass by itself. */
export function retryLayer(retrier: Retrier): Layer {
  return {
    touches: (name) => repeats[name] in mayRepeat,
    answer: (call, next) => {
      const repeat = repeats[call.name];
      return retrier.run(call, () => next(), mayRepeat[repeat as keyof typeof mayRepeat]);
    },
    stream: (_call, next) => next(),
    own: (inner) => ({ ...resumedCalls(inner, retrier), ...checkedCalls(inner, retrier) }),
  };
}

function resumedCalls(inner: Destination, retrier: Retrier): OwnCalls {
  const { directories, extents } = inner.capabilities;
  return {
    read: (key, options) => resumingRead(inner, key, options, retrier),
    ...(extents && { extents: (key, options) => resumingExtents(extents, key, options, retrier) }),
    list: (prefix, options) => resumingList(inner, prefix, options, retrier),
    ...(directories && { 'directories.scan': (root, options) => resumingScan(directories, root, options, retrier) }),
  };
}
