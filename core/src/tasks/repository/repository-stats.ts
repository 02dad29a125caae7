import type { Scope } from '../../container/scope.ts';
import { SEAL_OVERHEAD } from '../../layouts/repository/format/crypto/sealer.ts';
import type { ObjectKind } from '../../layouts/repository/store/object-kind.ts';
import type { Repository } from '../../layouts/repository/store/repository.ts';
import { openTaskRepository } from './open-task-repository.ts';
import type { RepositoryAccess, RepositoryStats } from './repository-requests.ts';

/** What a repository takes at its destination, and what its index says that it holds. */
export async function repositoryStats(program: Scope, access: RepositoryAccess): Promise<RepositoryStats> {
  await using scope = program.child('repo stats');
  const repository = await openTaskRepository(scope, access, 'read');
  const snapshots = await count(repository, 'snapshot');
  await repository.loadIndex();
  const packs = await count(repository, 'pack');
  const { id, version } = repository.config;
  const indexFiles = (await count(repository, 'index')).objects;
  return {
    id,
    version,
    snapshots: snapshots.objects,
    packs: packs.objects,
    packBytes: packs.bytes,
    indexFiles,
    ...sumBlobs(repository),
  };
}

async function count({ objects }: Repository, kind: ObjectKind): Promise<{ readonly objects: number; readonly bytes: bigint }> {
  let found = 0;
  let bytes = 0n;
  for await (const { size } of objects.list(kind)) {
    found++;
    bytes += BigInt(size);
  }
  return { objects: found, bytes };
}

function sumBlobs({ index }: Repository): Pick<RepositoryStats, 'dataBlobs' | 'treeBlobs' | 'plainBytes' | 'storedBytes'> {
  const blobs = { data: 0, tree: 0 };
  let plainBytes = 0;
  let storedBytes = 0;
  for (const pack of index.packs()) {
    for (const { type, length, uncompressedLength } of pack.blobs) {
      blobs[type]++;
      storedBytes += length;
      plainBytes += uncompressedLength === 0 ? length - SEAL_OVERHEAD : uncompressedLength;
    }
  }
  return {
    dataBlobs: blobs.data,
    treeBlobs: blobs.tree,
    plainBytes: BigInt(plainBytes),
    storedBytes: BigInt(storedBytes),
  };
}
