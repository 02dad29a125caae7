import type { DestinationTraits } from '../contracts/destination.ts';
import type { EntryMetadata } from '../contracts/entry.ts';

/** The name under which each field is reported as not kept; extended attributes have a name each, `xattr:NAME`. */
const reportedAs: Partial<Record<keyof EntryMetadata, string>> = {
  mode: 'mode',
  uid: 'owner',
  gid: 'owner',
  mtimeNs: 'mtime',
  atimeNs: 'mtime',
  flags: 'flags',
};

/** What must come back of metadata that was applied: what was not reported as lost, times to the destination's resolution. */
export function keptFields(applied: EntryMetadata, notKept: readonly string[], traits: DestinationTraits): EntryMetadata {
  const kept: Record<string, unknown> = {};
  for (const [field, reported] of Object.entries(reportedAs)) {
    const value = applied[field as keyof EntryMetadata];
    const expected = field.endsWith('timeNs') ? roundTime(value as bigint | undefined, traits) : value;
    if (expected !== undefined && !notKept.includes(reported)) kept[field] = expected;
  }
  const { xattrs } = applied;
  if (xattrs !== undefined) kept['xattrs'] = new Map([...xattrs].filter(([name]) => !notKept.includes(`xattr:${name}`)));
  return kept;
}

/** A time as the destination keeps it. Undefined where it keeps none. */
function roundTime(ns: bigint | undefined, { mtimeResolutionNs }: DestinationTraits): bigint | undefined {
  if (ns === undefined || mtimeResolutionNs === 0n) return undefined;
  return ns - (((ns % mtimeResolutionNs) + mtimeResolutionNs) % mtimeResolutionNs);
}
