import type { EntryMetadata } from '../../contracts/entry.ts';
import { KIND_DIRECTORY } from '../../entries/stat-record.ts';
import type { CommitOutcome } from '../../pipeline/layout.ts';
import type { Plan } from '../../pipeline/plan/plan.ts';
import { type PlanRecord, RecordFlag } from '../../pipeline/plan/plan-record.ts';
import { isPlainFile, PlainFileRow } from './plain-file-row.ts';
import { type RowContext, rowOf } from './manifest-rows.ts';
import { DeviceBoundaries } from './state/manifest/device-boundaries.ts';
import { RowFlag } from './state/manifest/manifest-block.ts';
import type { ManifestRowWriter } from './state/manifest/manifest-row-writer.ts';

/** Entries are described in groups of this many. */
const GROUP = 4096;

/** Gives the writer a row for everything that a run changed (in a first run, for everything). */
export async function addRows(writer: ManifestRowWriter, outcome: CommitOutcome, keepsRetired: boolean): Promise<void> {
  const { plan } = outcome;
  const metadata = new Map<number, EntryMetadata>();
  const context: RowContext = { plan, keepsRetired, described: (record) => metadata.get(record.position) };
  const boundaries = new DeviceBoundaries();
  const plain = new PlainFileRow();
  for (const group of inGroups(plan.records())) {
    await describeGroup(group, outcome, metadata);
    for (const record of group) {
      const isCrossed = record.has(RecordFlag.hasSource) && boundaries.isCrossedBy(record.depth, record.device);
      if (isPlainFile(record)) {
        plain.record = record;
        plain.rowFlags = isCrossed ? RowFlag.otherDevice : 0;
        if (writer.addFile(plain, record.pathBytes)) continue;
      }
      const row = rowOf(record, context);
      if (row !== undefined) writer.add(isCrossed ? { ...row, flags: row.flags | RowFlag.otherDevice } : row);
    }
    metadata.clear();
  }
}

/**
 * What no record holds: xattrs, flags, times. Of directories, because the safety net keeps files; of all others that may have
 * attributes, because those of the copy are changed in place when only they change.
 */
async function describeGroup(
  group: readonly PlanRecord[],
  outcome: CommitOutcome,
  into: Map<number, EntryMetadata>,
): Promise<void> {
  const wanted = group.filter((record) => record.has(RecordFlag.hasSource) && needsDescription(record, outcome.plan));
  if (wanted.length === 0) return;
  const described = await describeAll(wanted, outcome);
  wanted.forEach((record, index) => {
    const found = described[index];
    if (found !== undefined) into.set(record.position, found);
  });
}

function needsDescription(record: PlanRecord, plan: Plan): boolean {
  if (record.has(RecordFlag.noRow)) return false;
  if (record.sourceKind === KIND_DIRECTORY || record.has(RecordFlag.describe) || record.reason === 'adopted') return true;
  return record.first >= 0 && plan.read(record.first).has(RecordFlag.describe);
}

/** One by one where one of them is gone meanwhile: it keeps what was recorded of it. */
async function describeAll(
  records: readonly PlanRecord[],
  { source, options }: CommitOutcome,
): Promise<readonly (EntryMetadata | undefined)[]> {
  try {
    return await source.describe(
      records.map((record) => record.entry()),
      options,
    );
  } catch {
    options.signal?.throwIfAborted();
    const one = async (record: PlanRecord): Promise<EntryMetadata | undefined> => {
      const found = await source.describe([record.entry()], options).catch(() => []);
      return found[0];
    };
    return Promise.all(records.map(one));
  }
}

function* inGroups(records: Iterable<PlanRecord>): Generator<PlanRecord[]> {
  let group: PlanRecord[] = [];
  for (const record of records) {
    if (group.push(record) < GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
