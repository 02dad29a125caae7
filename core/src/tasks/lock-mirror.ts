import { hostname } from 'node:os';
import { pid } from 'node:process';
import type { Scope } from '../container/scope.ts';
import type { Destination } from '../contracts/destination.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { readMirror } from '../layouts/mirror/state/records/mirror-record.ts';
import { lockKey } from '../layouts/mirror/state/state-keys.ts';
import { acquireLock } from '../locking/acquire-lock.ts';
import { taskLayers } from './task-layers.ts';
import { tokens } from './tokens.ts';

/**
 * Takes the mirror's lock for as long as the scope lives. Rejects with `locked`, naming who holds it. `mustBeNew`: rejects
 * with `plan-changed` when another run has begun a mirror there meanwhile.
 */
export async function lockMirror(scope: Scope, destination: Destination, { mustBeNew = false } = {}): Promise<void> {
  const signal = scope.resolve(tokens.signal);
  const since = scope.resolve(tokens.clock).now().toISOString();
  const held = await acquire(scope, destination, `process ${pid} on ${hostname()} since ${since}`).catch((error: unknown) =>
    Promise.reject(denyWhole(error, destination.traits.displayName)),
  );
  scope.defer(async () => held[Symbol.asyncDispose]());
  if (mustBeNew && (await readMirror(destination, { signal })) !== undefined) {
    throw new HoldfastError(
      'plan-changed',
      `Another run made a clone at ${destination.traits.displayName} meanwhile. Nothing was changed.`,
    );
  }
}

/** The destination's own lock; else an object that is created only where there is none, whose loss stops every change. */
async function acquire(scope: Scope, destination: Destination, holder: string): Promise<AsyncDisposable> {
  const { lock } = destination.capabilities;
  const signal = scope.resolve(tokens.signal);
  if (lock !== undefined) return lock.acquire(lockKey, holder, { signal });
  const access = taskLayers(scope).lockAccess(destination);
  const createOnly = access?.destination.capabilities.createOnly;
  if (access === undefined || createOnly === undefined) {
    throw new HoldfastError(
      'unsupported',
      `${destination.traits.displayName} cannot be locked, so two runs could use it at once.`,
    );
  }
  const [clock, random] = [scope.resolve(tokens.clock), scope.resolve(tokens.random)];
  const held = await acquireLock({ destination: access.destination, createOnly, key: lockKey, holder, clock, random, signal });
  access.fence.follow(held);
  return held;
}

/** Where not even a lock may be written, nothing may be: that ends the run, and is no matter of one entry. */
function denyWhole(error: unknown, displayName: string): Error {
  if (!isHoldfastError(error, 'access-denied')) return error as Error;
  return new HoldfastError('destination-denied', `${displayName} does not let us write: ${error.message}`, { cause: error });
}
