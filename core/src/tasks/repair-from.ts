import type { BatchResult } from '../contracts/batch.ts';
import type { Scope } from '../container/scope.ts';
import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Source } from '../contracts/source.ts';
import { blocksOf } from '../entries/blocks-of.ts';
import { EntryCursor } from '../entries/entry-cursor.ts';
import { packStat } from '../entries/pack-entry.ts';
import { unpackEntry } from '../entries/unpack-entry.ts';
import { sameKind, sameModificationTime, sameSize } from '../entries/stat-reader.ts';
import type { Checked } from './verification/check-mirror.ts';
import { recordRow } from './verification/note-checked.ts';
import type { Plan } from '../pipeline/plan/plan.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import type { Operation } from '../pipeline/transfer/operation.ts';
import type { OperationContext } from '../pipeline/transfer/operation-context.ts';
import { runOperations } from '../pipeline/transfer/run-operations.ts';
import { digestOf, equalDigests } from '../verification/digest.ts';
import { comparePaths } from '../paths/rel-path.ts';
import { openTaskSource, readLocation } from './open-ends.ts';
import { everything } from './selections.ts';
import { tokens } from './tokens.ts';

interface Repair {
  /** Location of a source or of another clone of the same tree. */
  readonly from: string;
  readonly wrong: readonly Checked[];
  readonly plan: Plan;
  readonly context: OperationContext;
  readonly log: RunLog;
}

/** Puts damaged and missing entries right, from where the same bytes still are: what is recorded decides whether they are the same. */
export async function repairFrom(scope: Scope, { from, wrong, plan, context, log }: Repair): Promise<void> {
  const source = await openTaskSource(scope, readLocation(scope, from));
  const byPath = new Map(wrong.map((checked) => [checked.row.path, checked]));
  const found = await findEntries(scope, source, byPath);
  const fit: { readonly checked: Checked; readonly entry: Entry }[] = [];
  for (const [path, checked] of byPath) {
    const entry = found.get(path);
    const reason = entry === undefined ? 'it is not there' : await misfit(entry, checked, source, context);
    if (entry !== undefined && reason === undefined) fit.push({ checked, entry });
    else log.warn('damaged', `"${path}" cannot be put right from ${source.traits.displayName}: ${reason ?? 'it is not there'}.`);
  }
  const operations = function* (): Generator<Operation> {
    for (const [id, { entry }] of fit.entries())
      yield { op: 'store', id, key: entry.path, entry, content: source.content(entry) };
  };
  const results: BatchResult[] = [];
  for await (const some of runOperations(operations, { ...context, source })) results.push(...some);
  const repaired = results
    .flatMap((result) => ({ ...fit[result.id], result }))
    .sort((a, b) => comparePaths(pathOf(a), pathOf(b)));
  for (const { checked, result } of repaired) {
    if (checked === undefined) continue;
    log.repaired(checked.row.path, checked.verdict !== 'changed', result.error);
    if (result.error === undefined) recordRow(plan, checked.row, 'changed at destination', result.stat, checked.row.extras);
  }
  await settleParents(wrong, context);
}

/** Gives the directories above what was put right the times and modes that were recorded: a repair is no change to them. */
async function settleParents(wrong: readonly Checked[], { destination, batch }: OperationContext): Promise<void> {
  const directories = new Map(wrong.flatMap(({ above }) => above.map((row) => [row.path, row])));
  for (const { path, source } of [...directories.values()].reverse()) {
    const entry = unpackEntry(path, source, 0, 0n, '');
    await destination.capabilities.metadata?.apply(path, entry, entry.metadata, batch);
  }
}

const pathOf = ({ checked }: { readonly checked?: Checked }): RelPath => checked?.row.path ?? ('' as RelPath);

async function findEntries(scope: Scope, source: Source, wanted: ReadonlyMap<RelPath, Checked>): Promise<Map<RelPath, Entry>> {
  const found = new Map<RelPath, Entry>();
  const signal = scope.resolve(tokens.signal);
  const selection = { ...everything, paths: [...wanted.keys()] };
  const batches = source.scan({ signal, selection, onSkip: () => undefined, onExclude: () => undefined });
  const cursor = new EntryCursor(blocksOf(batches));
  for (await cursor.start(); !cursor.done; ) {
    if (wanted.has(cursor.path)) found.set(cursor.path, cursor.entry());
    if (!cursor.advance()) await cursor.refill();
  }
  return found;
}

/** Why the entry is not the one that was recorded; undefined when it is. */
async function misfit(entry: Entry, { row }: Checked, source: Source, context: OperationContext): Promise<string | undefined> {
  const stat = new Uint8Array(row.source.length);
  packStat(entry, new DataView(stat.buffer), 0);
  if (!sameKind(stat, row.source)) return 'it is of another kind there';
  if (entry.kind !== 'file') return undefined;
  if (!sameSize(stat, row.source)) return 'it has another size there';
  const { digest } = row.extras;
  if (digest === undefined) return sameModificationTime(stat, row.source) ? undefined : 'it has another time there';
  const theirs = await digestOf(source.content(entry).open(context.batch), digest.algorithm);
  return equalDigests(theirs, digest) ? undefined : 'its bytes are others there';
}
