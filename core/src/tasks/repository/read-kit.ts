import type { Scope } from '../../container/scope.ts';
import { listKeys } from '../../layouts/repository/store/keys/manage-keys.ts';
import { tokens } from '../tokens.ts';
import { openTaskRepository } from './open-task-repository.ts';
import { describeKey } from './repository-keys.ts';
import type { RecoveryKit, RepositoryAccess } from './repository-requests.ts';

/** What is needed to open a repository on a blank machine. That the password opens it was proved. */
export async function readKit(program: Scope, access: RepositoryAccess): Promise<RecoveryKit> {
  await using scope = program.child('repo kit');
  const repository = await openTaskRepository(scope, access, 'none');
  const { config, objects, displayName } = repository;
  const keys = (await listKeys(repository)).filter(({ error }) => error === undefined);
  const texts = await Promise.all(keys.map(async ({ id }) => Buffer.from(await objects.read('key', id)).toString()));
  return {
    id: config.id,
    version: config.version,
    location: displayName,
    madeAt: scope.resolve(tokens.clock).now().toISOString(),
    keys: keys.map((key, index) => ({ ...describeKey(key), text: texts[index] ?? '' })),
  };
}
