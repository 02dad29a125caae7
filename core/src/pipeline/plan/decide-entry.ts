import type { OperationReason } from '../../contracts/events.ts';
import {
  knowsModificationTime,
  sameDeviceNumber,
  sameKind,
  sameModificationTime,
  samePermissions,
  sameSize,
} from '../../entries/stat-reader.ts';
import { KIND_FILE, KIND_SYMLINK, StatField } from '../../entries/stat-record.ts';
import { Confirm, type ConfirmCode } from './plan-record.ts';

export type OverwriteRule = 'always' | 'if-changed' | 'if-newer' | 'never';

/** What decides besides the entries themselves. */
export interface DecisionRules {
  /** Owner and group are kept, so they are compared. */
  readonly owner: boolean;
  /** Compare the contents of files that look the same. */
  readonly checksum: boolean;
  readonly mtimeResolutionNs: bigint;
  /** What may be replaced at a destination that has no record; `if-changed` for a mirror. */
  readonly overwrite: OverwriteRule;
}

/** The records of one path on each side; `targets` tells whether symbolic links point to the same text. */
export interface Sides {
  readonly source: Uint8Array;
  readonly destination: Uint8Array | undefined;
  /** Absent: nothing is recorded of this path. */
  readonly recorded?:
    | { readonly source: Uint8Array; readonly sameSource: boolean; readonly sameDestination: boolean }
    | undefined;
  readonly sameTarget: boolean;
}

export interface Decision {
  readonly op: 'keep' | 'store' | 'metadata';
  readonly reason: OperationReason;
  /** The operation holds if a look at the contents (or the metadata) finds a difference; if not, the entry is kept. */
  readonly confirm: ConfirmCode;
}

const certain = (op: Decision['op'], reason: OperationReason): Decision => ({ op, reason, confirm: Confirm.none });

/** What to do with an entry that the source has. Moves and hard links are found later, with the whole plan at hand. */
export function decideEntry(sides: Sides, rules: DecisionRules): Decision {
  const { source, destination, recorded } = sides;
  if (destination === undefined) return certain('store', recorded === undefined ? 'new' : 'missing at destination');
  if (rules.overwrite === 'never') return certain('keep', 'overwrite');
  if (!sameKind(source, destination)) return refuseOr(certain('store', 'type'), sides, rules);
  const trusted = recorded?.sameDestination === true;
  if (trusted && recorded.sameSource) return unchanged(sides, rules);
  const basis = trusted ? recorded.source : destination;
  const found = contentDifference(sides, basis, trusted ? 1n : rules.mtimeResolutionNs);
  if (found !== undefined) {
    const reason = recorded?.sameSource === true && !trusted ? 'changed at destination' : found;
    return refuseOr(certain('store', reason), sides, rules);
  }
  return looksTheSame(sides, rules, trusted);
}

function unchanged(sides: Sides, rules: DecisionRules): Decision {
  if (rules.checksum && isFile(sides.source)) return { op: 'store', reason: 'checksum', confirm: Confirm.content };
  return certain('keep', 'same');
}

/** Content is the same by size and time; ctime, inode, owner or mode may differ, or there is no record to go by. */
function looksTheSame(sides: Sides, rules: DecisionRules, trusted: boolean): Decision {
  const { source, destination, recorded } = sides;
  const touched = recorded !== undefined && (trusted || recorded.sameSource);
  if (isFile(source) && (touched || rules.checksum || rules.overwrite === 'always')) {
    const reason = rules.checksum ? 'checksum' : trusted ? 'ctime' : touched ? 'changed at destination' : 'checksum';
    return { op: 'store', reason, confirm: Confirm.content };
  }
  if (destination !== undefined && metadataDiffers(source, destination, rules)) return certain('metadata', 'metadata only');
  return { op: 'metadata', reason: 'metadata only', confirm: Confirm.metadata };
}

/** Whether mode, owner or time differ; xattrs and flags need a closer look. */
export function metadataDiffers(source: Uint8Array, destination: Uint8Array, rules: DecisionRules): boolean {
  return (
    (knowsModificationTime(source) && !sameModificationTime(source, destination, rules.mtimeResolutionNs)) ||
    !samePermissions(source, destination, rules.owner)
  );
}

function contentDifference(sides: Sides, basis: Uint8Array, resolutionNs: bigint): OperationReason | undefined {
  const { source } = sides;
  if (source[StatField.kind] === KIND_SYMLINK) return sides.sameTarget ? undefined : 'target';
  if (!sameDeviceNumber(source, basis)) return 'type';
  if (!isFile(source)) return undefined;
  if (!sameSize(source, basis)) return 'size';
  return sameModificationTime(source, basis, resolutionNs) ? undefined : 'mtime';
}

/** Applies the overwrite rule to a replacement of something that no record speaks of. */
function refuseOr(decision: Decision, sides: Sides, rules: DecisionRules): Decision {
  if (rules.overwrite === 'if-newer' && sides.destination !== undefined) {
    return isNewer(sides.source, sides.destination) ? decision : certain('keep', 'overwrite');
  }
  return decision;
}

function isNewer(source: Uint8Array, destination: Uint8Array): boolean {
  const seconds = (stat: Uint8Array): DataView => new DataView(stat.buffer, stat.byteOffset + StatField.mtime, 16);
  const [a, b] = [seconds(source), seconds(destination)];
  const difference = a.getBigInt64(0, true) - b.getBigInt64(0, true);
  return difference > 0n || (difference === 0n && a.getUint32(8, true) > b.getUint32(8, true));
}

function isFile(stat: Uint8Array): boolean {
  return stat[StatField.kind] === KIND_FILE;
}
