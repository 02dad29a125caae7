import type { Scope } from '../../container/scope.ts';
import type { SummaryEvent } from '../../contracts/events.ts';
import type { BackupSource, BackupTask } from '../../layouts/repository/backup/backup-task.ts';
import { findParent } from '../../layouts/repository/backup/find-parent.ts';
import { machineZone } from '../../layouts/repository/backup/machine-zone.ts';
import { runBackup } from '../../layouts/repository/backup/run-backup.ts';
import type { Repository } from '../../layouts/repository/store/repository.ts';
import type { LoadedSnapshot } from '../../layouts/repository/store/snapshots/load-snapshots.ts';
import type { RunLog } from '../../pipeline/run-log.ts';
import { localPath, readLocation } from '../open-ends.ts';
import { summarise } from '../summarise.ts';
import { tokens } from '../tokens.ts';
import type { BackupRequest } from './backup-request.ts';
import { GraceSignal } from './grace-signal.ts';
import { machineIdentity } from './machine-identity.ts';
import { openBackupSources, type OpenedSources } from './open-backup-sources.ts';
import { openTaskRepository } from './open-task-repository.ts';
import { openStreamSource } from './stream-source.ts';

/** After Ctrl-C packs that are on their way have so long to arrive, and the index that names them. */
const GRACE_MS = 30_000;

/** Makes a new version of its sources in a repository. Never rejects: the summary says how it ended. */
export function backup(program: Scope, request: BackupRequest): Promise<SummaryEvent> {
  return summarise(program, 'backup', (scope, log) => openAndRun(scope, request, log));
}

async function openAndRun(scope: Scope, request: BackupRequest, log: RunLog): Promise<string | undefined> {
  const [signal, clock] = [scope.resolve(tokens.signal), scope.resolve(tokens.clock)];
  using grace = new GraceSignal(signal, clock, GRACE_MS);
  await using repositoryScope = scope.child('repository').provideShared(tokens.signal, grace.signal);
  const { bandwidth } = request;
  const began = clock.now();
  const use = request.dryRun ? 'none' : 'append';
  // Both at once: making the key of a password takes long.
  const [repository, opened] = await both(
    openTaskRepository(repositoryScope, request.repository, use, bandwidth === undefined ? {} : { bandwidth }),
    openSources(scope, request, log, began),
  );
  const facts = {
    time: request.time ?? began,
    paths: opened.paths,
    hostname: request.host ?? repository.identity.hostname,
    tags: request.tags,
    excludes: request.selection.rules.map(({ effect, pattern }) => (effect === 'exclude' ? pattern : `!${pattern}`)),
  };
  // Snapshots before the index: what they need is in it then.
  const parent = await chooseParent(repository, request, facts, log);
  await repository.loadIndex();
  signal.throwIfAborted();
  grace.begin();
  const { owner, xattrs, verify, dryRun, compression, packBytes, concurrency, readConcurrency, skipIfUnchanged } = request;
  const task: BackupTask = {
    repository,
    sources: opened.sources,
    parent,
    facts,
    options: {
      ...{ owner, xattrs, verify, dryRun, compression, skipIfUnchanged, timeZone: request.timeZone ?? (await machineZone()) },
      ...(packBytes === undefined ? {} : { packBytes }),
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(readConcurrency === undefined ? {} : { readConcurrency }),
    },
    log,
    clock,
    began,
    signal,
  };
  if (verify !== 'size' && !dryRun) log.verified = { method: verify, files: 0, bytes: 0n };
  return await runBackup(task, request.version);
}

/** Waits for both, whatever becomes of the other: what is opened late must still belong to an open scope. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

async function openSources(scope: Scope, request: BackupRequest, log: RunLog, now: Date): Promise<OpenedSources> {
  const { stream, selection } = request;
  if (stream === undefined)
    return openBackupSources(scope, request, log, await localPath(readLocation(scope, request.repository.location)));
  const source = openStreamSource(stream, machineIdentity(), now);
  const only: BackupSource = { source, selection, place: [stream.name], kind: 'entry', deviceOf: (device) => device };
  return { sources: [only], paths: [`/${stream.name}`] };
}

async function chooseParent(
  repository: Repository,
  { parent }: BackupRequest,
  facts: Pick<BackupTask['facts'], 'hostname' | 'paths' | 'time'>,
  log: RunLog,
): Promise<LoadedSnapshot | undefined> {
  if (parent === 'none') return undefined;
  if (parent !== undefined) return repository.findSnapshot(parent.id);
  const onDamaged = (_: string, error: { readonly code: string; readonly message: string }): void =>
    log.warn(error.code, `${error.message} It is not used to compare with.`);
  return findParent(await repository.loadSnapshots({ onDamaged }), facts);
}
