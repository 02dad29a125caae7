import type { Scope } from '../../container/scope.ts';
import type { Destination } from '../../contracts/destination.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { mirrorKey } from '../../layouts/mirror/state/state-keys.ts';
import { initRepository } from '../../layouts/repository/store/init-repository.ts';
import { openTaskDestination, readLocation } from '../open-ends.ts';
import { tokens } from '../tokens.ts';
import { openTaskRepository, repositoryOptions } from './open-task-repository.ts';
import type { InitRequest, RepositoryFacts } from './repository-requests.ts';

/** Makes a new repository. Rejects with `repository-exists`, and with `destination-not-empty` where a clone is. */
export async function makeRepository(program: Scope, request: InitRequest): Promise<RepositoryFacts> {
  await using scope = program.child('repo init');
  const { version, chunkerFrom } = request;
  const model = chunkerFrom && (await openTaskRepository(scope, chunkerFrom, 'none'));
  const destination = await openTaskDestination(scope, readLocation(scope, request.location), { create: true });
  await refuseClone(scope, destination);
  await using repository = await initRepository(destination, {
    ...repositoryOptions(scope, destination, request),
    version,
    ...(model && { polynomial: model.config.polynomial }),
  });
  return { id: repository.config.id, version, location: repository.displayName, keyId: repository.keyId };
}

async function refuseClone(scope: Scope, destination: Destination): Promise<void> {
  if ((await destination.stat(mirrorKey, { signal: scope.resolve(tokens.signal) })) === undefined) return;
  throw new HoldfastError('destination-not-empty', `There is a clone at ${destination.traits.displayName}.`, {
    hint: 'Choose another folder for the repository.',
  });
}
