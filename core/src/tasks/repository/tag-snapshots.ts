import type { Scope } from '../../container/scope.ts';
import { writeSnapshot } from '../../layouts/repository/format/documents/snapshot-file.ts';
import { parseId } from '../../layouts/repository/format/object-id.ts';
import type { Repository } from '../../layouts/repository/store/repository.ts';
import type { LoadedSnapshot } from '../../layouts/repository/store/snapshots/load-snapshots.ts';
import { openTaskRepository } from './open-task-repository.ts';
import type { TaggedSnapshot, TagRequest } from './repository-requests.ts';

/** Changes the tags of snapshots. Each is written anew before the old one goes, and carries the id that it had first as `original`. */
export async function tagSnapshots(program: Scope, request: TagRequest): Promise<TaggedSnapshot[]> {
  await using scope = program.child('repo tag');
  const repository = await openTaskRepository(scope, request, 'remove');
  const chosen =
    request.snapshots.length === 0
      ? await repository.loadSnapshots()
      : await Promise.all(request.snapshots.map((written) => repository.findSnapshot(written)));
  const changed: TaggedSnapshot[] = [];
  for (const snapshot of new Map(chosen.map((each) => [each.id, each])).values()) {
    const tags = changeTags(snapshot.file.tags, request);
    if (tags.join('\0') === snapshot.file.tags.join('\0')) continue;
    changed.push({ id: await replaceSnapshot(repository, snapshot, tags), before: snapshot.id, tags });
  }
  return changed;
}

/** As restic does: of added ones that are there already nothing comes twice. */
function changeTags(before: readonly string[], { set, add, remove }: TagRequest): string[] {
  const start = set ?? before;
  return [...new Set([...start, ...add])].filter((tag) => !remove.includes(tag));
}

async function replaceSnapshot(repository: Repository, { id, file }: LoadedSnapshot, tags: readonly string[]): Promise<string> {
  const renewed = writeSnapshot({ ...file, tags, original: file.original ?? parseId(id) });
  const newId = await repository.saveUnpacked('snapshot', renewed);
  await repository.objects.flush();
  await repository.remove('snapshot', id);
  return newId;
}
