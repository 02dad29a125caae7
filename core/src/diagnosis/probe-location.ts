import type { Scope } from '../container/scope.ts';
import type { Destination } from '../contracts/destination.ts';
import type { LocationConfig } from '../contracts/plugin.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { toHoldfastError } from '../errors/holdfast-error.ts';
import { openTaskDestination, openTaskSource, readLocation } from '../tasks/open-ends.ts';
import { tokens } from '../tasks/tokens.ts';
import { checkTraits } from './check-traits.ts';
import { fail, type Finding, ok } from './finding.ts';
import { probeFile } from './probe-file.ts';
import { probeSource } from './probe-source.ts';

/**
 * Tries out what a location can do, as source and as destination, with a small file that is removed again. Never rejects for what
 * the location does. The location itself is not made where it does not exist.
 */
export async function* probeLocation(program: Scope, written: string): AsyncGenerator<Finding> {
  await using scope = program.child('doctor');
  try {
    const location = readLocation(scope, written);
    const destination = await openTaskDestination(scope, location, { create: false });
    yield* await checkTraits(destination);
    yield* probeWriting(scope, location, destination);
  } catch (error) {
    const { message, hint } = toHoldfastError(error);
    yield fail('location.open', message, hint);
  }
}

async function* probeWriting(scope: Scope, location: LocationConfig, destination: Destination): AsyncGenerator<Finding> {
  const key = `.holdfast-doctor-${scope.resolve(tokens.random).hex(4)}` as RelPath;
  const further = ['copy', 'link', 'lock'].map((end) => `${key}.${end}` as RelPath);
  const probe = { destination, key, further, signal: scope.resolve(tokens.signal) };
  try {
    yield* probeFile(probe);
    yield* probeSource(
      await openTaskSource(scope, location),
      probe,
      await scope.resolve(tokens.registry).snapshots(location.scheme),
    );
  } catch (error) {
    const { message, hint } = toHoldfastError(error);
    yield fail('location.write', message, hint);
  } finally {
    for (const each of [key, ...further]) await destination.remove(each, {}).catch(() => undefined);
  }
  const left = await destination.stat(key, {}).catch(() => undefined);
  yield left === undefined
    ? ok('location.remove', 'What was tried out is removed again.')
    : fail('location.remove', `"${key}" cannot be removed again.`, 'Remove it by hand, and check the permissions of the folder.');
}
