import type { FinishedPack } from '../engine/protocol.ts';
import { BlobEngine } from '../engine/blob-engine.ts';
import { TimeFormatter } from '../format/go-text/time-formatter.ts';
import { BackupLog } from './backup-log.ts';
import type { BackupTask } from './backup-task.ts';
import { describeEntries } from './describe-entries.ts';
import { EntryJudge } from './entry-judge.ts';
import { EntryWalk } from './entry-walk.ts';
import { LazyEngine } from './lazy-engine.ts';
import { OwnerNames } from './owner-names.ts';
import { PackSink } from './pack-sink.ts';
import type { PendingEntry } from './pending-entry.ts';
import { PriorTrees } from './prior-trees.ts';
import { EntrySettler } from './settle-entries.ts';
import { growBranches } from './source-branches.ts';
import { type ContentTools, storeContent } from './store-content.ts';
import { TreeBuilder } from './tree-builder.ts';
import { TreePacks } from './tree-packs.ts';
import { trustsAttributes } from './trusts-attributes.ts';

/** Entries that may be under way between the walk and the trees. */
const MOST_PENDING = 2500;

/** While one is made durable, another is written. Each takes the memory of a pack. */
const PACKS_UNDER_WAY = 3;

/** What a walk came to. */
export interface WrittenTree {
  /** Of the top of the version. */
  readonly tree: Uint8Array;
  readonly log: BackupLog;
  readonly packs: PackSink;
  readonly trees: TreeBuilder['counts'];
}

/**
 * Brings all that the sources have into the repository, and the index that names it. Rejects with what ends the backup; the packs that are
 * stored by then are in an index, as far as that can be saved.
 */
export async function writeBackup(task: BackupTask): Promise<WrittenTree> {
  const { repository, options, signal } = task;
  const log = new BackupLog(task.log, options.dryRun);
  const packs = new PackSink(repository, task);
  try {
    await using engine = new LazyEngine(() => startEngine(task, (pack) => packs.take(pack)));
    if (task.parent === undefined) engine.warmUp();
    const trees = new TreeBuilder(engine);
    const tree = await writeTrees(task, { engine, trees, log, sink: packs });
    await engine.flush();
    await packs.finish();
    return { tree, log, packs, trees: trees.counts };
  } catch (error) {
    await packs.rescue();
    signal.throwIfAborted();
    throw error;
  }
}

interface Tools {
  readonly engine: LazyEngine;
  readonly trees: TreeBuilder;
  readonly log: BackupLog;
  readonly sink: PackSink;
}

async function writeTrees(task: BackupTask, { engine, trees, log, sink }: Tools): Promise<Uint8Array> {
  const { repository, parent, options, signal } = task;
  const times = new TimeFormatter(options.timeZone);
  const packs = new TreePacks(repository);
  const priorTrees = new PriorTrees(
    (id) => packs.load(id),
    (error) => task.log.warn(error.code, `${error.message} What is there is read from the source again.`),
  );
  const prior = parent === undefined ? undefined : await priorTrees.open(parent.file.tree);
  const judge = new EntryJudge({
    index: repository.index,
    times,
    names: await OwnerNames.read(),
    owner: options.owner,
    trustsAttributes: options.xattrs && trustsAttributes(parent, repository.identity),
  });
  let top: Uint8Array | undefined;
  trees.begin(prior, (subtree) => (top = subtree));
  const settler = new EntrySettler(trees, log);
  const walk = new EntryWalk({
    judge,
    trees: priorTrees,
    prior,
    signal,
    onSkip: (skip) => log.skip(skip),
    onExclude: (count) => log.exclude(count),
  });
  const content: ContentTools = { engine, times, log, signal, engineFailure: () => sink.failure };
  await passThrough(
    walk.blocks(growBranches(task.sources)),
    (block) => beginEntries(block, content, options.xattrs),
    (block, described) => settler.settle(block, described),
  );
  await settler.finish();
  return top as unknown as Uint8Array;
}

function startEngine({ repository, options }: BackupTask, onPack: (pack: FinishedPack) => Promise<void>): BlobEngine {
  const { config, masterKey, index, objects } = repository;
  return new BlobEngine({
    masterKey,
    polynomial: config.polynomial,
    version: config.version,
    compression: options.compression,
    packsUnderWay: options.concurrency ?? Math.min(PACKS_UNDER_WAY, objects.concurrency),
    has: (type, ids, offset) => index.has(type, ids, offset),
    onPack,
    ...(options.packBytes === undefined ? {} : { packBytes: options.packBytes }),
    ...(options.readConcurrency === undefined ? {} : { threads: options.readConcurrency }),
  });
}

/** Lets files be read and attributes be asked for. Resolves when the attributes have come. */
function beginEntries(block: readonly PendingEntry[], tools: ContentTools, xattrs: boolean): Promise<void> {
  for (const pending of block) {
    if (pending.reason === undefined) continue;
    pending.storing = storeContent(pending, tools);
    // It is awaited in its turn.
    pending.storing.catch(() => undefined);
  }
  return xattrs ? describeEntries(block, tools.signal) : Promise.resolve();
}

/** Begins blocks as they come, so many entries ahead at most, and settles them one after the other. */
async function passThrough(
  blocks: AsyncIterable<PendingEntry[]>,
  begin: (block: readonly PendingEntry[]) => Promise<void>,
  settle: (block: readonly PendingEntry[], begun: Promise<void>) => Promise<void>,
): Promise<void> {
  const waiting: { readonly settled: Promise<void>; readonly count: number }[] = [];
  let pending = 0;
  let last: Promise<void> = Promise.resolve();
  for await (const block of blocks) {
    const begun = begin(block);
    last = last.then(() => settle(block, begun));
    // They are awaited in their turn.
    begun.catch(() => undefined);
    last.catch(() => undefined);
    waiting.push({ settled: last, count: block.length });
    pending += block.length;
    while (pending > MOST_PENDING && waiting.length > 1) {
      const first = waiting.shift();
      await first?.settled;
      pending -= first?.count ?? 0;
    }
  }
  await last;
}
