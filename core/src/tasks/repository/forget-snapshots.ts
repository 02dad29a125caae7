import type { Scope } from '../../container/scope.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { applyPolicy, type JudgedSnapshot } from '../../layouts/repository/maintenance/forget/apply-policy.ts';
import { isSelected } from '../../layouts/repository/maintenance/forget/filter-snapshots.ts';
import { groupSnapshots } from '../../layouts/repository/maintenance/forget/group-snapshots.ts';
import { isEmptyPolicy } from '../../layouts/repository/maintenance/forget/keep-policy.ts';
import type { Repository } from '../../layouts/repository/store/repository.ts';
import type { LoadedSnapshot } from '../../layouts/repository/store/snapshots/load-snapshots.ts';
import { tokens } from '../tokens.ts';
import type { ForgetLine, ForgetRequest } from './forget-request.ts';
import { openTaskRepository } from './open-task-repository.ts';

/**
 * Removes snapshots, nothing else; what they held stays until it is pruned. Yields each that was judged, by groups and the newest first, and
 * removes only after the last of them: the oldest first, so that a run that was interrupted leaves what the same policy would leave or more.
 * Rejects with `usage` unless there are either snapshots or a policy, and with `state-damaged` where one that is to be judged cannot be read.
 */
export async function* forgetSnapshots(program: Scope, request: ForgetRequest): AsyncGenerator<ForgetLine, void> {
  refuseUnclear(request);
  await using scope = program.child('repo forget');
  const repository = await openTaskRepository(scope, request, request.dryRun ? 'read' : 'remove');
  const judged = await judge(scope, repository, request);
  for (const each of judged) yield describe(each);
  if (request.dryRun) return;
  const going = judged.filter(({ reasons }) => reasons.length === 0).map(({ snapshot }) => snapshot);
  for (const { id } of going.toSorted((a, b) => a.time.getTime() - b.time.getTime())) await repository.remove('snapshot', id);
  await repository.objects.flush();
}

function refuseUnclear({ snapshots, policy, filter }: ForgetRequest): void {
  const hasFilter = filter.hosts.length + filter.tags.length + filter.paths.length > 0;
  if (snapshots.length === 0 && isEmptyPolicy(policy))
    throw new HoldfastError('usage', 'Which versions are to be kept?', {
      hint: 'Give a policy, for example --keep-daily=7 --keep-monthly=12, or the ids of the versions to forget.',
    });
  if (snapshots.length > 0 && (hasFilter || !isEmptyPolicy(policy)))
    throw new HoldfastError('usage', 'Versions to forget and a policy do not go together.', {
      hint: 'Give either ids, or options that say which versions to look at and which to keep.',
    });
}

async function judge(
  scope: Scope,
  repository: Repository,
  { snapshots, policy, filter, groupBy }: ForgetRequest,
): Promise<JudgedSnapshot<LoadedSnapshot>[]> {
  if (snapshots.length > 0) {
    const found: LoadedSnapshot[] = [];
    for (const written of snapshots) found.push(await repository.findSnapshot(written));
    return [...new Map(found.map((each) => [each.id, each])).values()].map((snapshot) => ({ snapshot, reasons: [] }));
  }
  const now = BigInt(scope.resolve(tokens.clock).now().getTime()) * 1_000_000n;
  const selected = (await repository.loadSnapshots()).filter((each) => isSelected(each, filter));
  return groupSnapshots(selected, groupBy).flatMap((group) => applyPolicy(group, policy, now));
}

function describe({ snapshot: { id, file }, reasons }: JudgedSnapshot<LoadedSnapshot>): ForgetLine {
  const { time: taken, hostname, paths, tags } = file;
  return { id, taken, hostname, paths, tags, action: reasons.length > 0 ? 'keep' : 'forget', reasons };
}
