import type { Scope } from '../../container/scope.ts';
import type { Counts, EventSink, HoldfastEvent, SummaryEvent, TargetSummary } from '../../contracts/events.ts';
import { tokens } from '../tokens.ts';
import { backup } from './backup.ts';
import type { BackupRequest } from './backup-request.ts';

/** Of several exit codes the first of these that is there counts. */
const codesByWeight = [70, 130, 5, 7, 6, 3, 4, 2, 1, 0];

/**
 * Makes a version in each repository, one after the other, each with its own outcome: that one fails is no matter of the others. With
 * several, events carry `target`, and the summary has what became of each. Never rejects.
 */
export async function backupToAll(program: Scope, requests: readonly BackupRequest[]): Promise<SummaryEvent> {
  const [only] = requests;
  if (only !== undefined && requests.length === 1) return backup(program, only);
  const sink = program.resolve(tokens.sink);
  const targets: TargetSummary[] = [];
  for (const request of requests) {
    const target = request.repository.location;
    await using scope = program.child('target').provideShared(tokens.sink, sinkOf(target, sink));
    targets.push({ target, ...(await backup(scope, request)) });
  }
  const summary = combine(targets);
  sink(summary);
  return summary;
}

/** There is one summary in the end, which has this one in it. */
function sinkOf(target: string, sink: EventSink): EventSink {
  const tell = (event: HoldfastEvent): void => {
    if (event.type !== 'summary') sink({ ...event, target });
  };
  return Object.assign(tell, sink.skipsStored === undefined ? {} : { skipsStored: sink.skipsStored });
}

function combine(targets: readonly TargetSummary[]): SummaryEvent {
  const weightiest = targets.toSorted((a, b) => codesByWeight.indexOf(a.exitCode) - codesByWeight.indexOf(b.exitCode))[0];
  const counts: Counts = { stored: 0, kept: 0, metadata: 0, renamed: 0, retired: 0, excluded: 0, skipped: 0, failed: 0 };
  const bytes = { read: 0n, written: 0n, stored: 0n };
  const verified = { method: targets[0]?.verified.method ?? 'none', files: 0, bytes: 0n };
  for (const each of targets) {
    for (const name of Object.keys(counts) as (keyof Counts)[]) counts[name] += each.counts[name];
    for (const name of ['read', 'written', 'stored'] as const) bytes[name] += each.bytes[name];
    verified.files += each.verified.files;
    verified.bytes += each.verified.bytes;
  }
  return {
    type: 'summary',
    status: weightiest?.status ?? 'ok',
    exitCode: weightiest?.exitCode ?? 0,
    counts,
    bytes,
    seconds: targets.reduce((sum, { seconds }) => sum + seconds, 0),
    verified,
    targets,
  };
}
