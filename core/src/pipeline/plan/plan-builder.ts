import type { OperationName, OperationReason } from '../../contracts/events.ts';
import { KIND_DIRECTORY, KIND_FILE, KIND_SYMLINK } from '../../entries/stat-record.ts';
import { readIno, sameInode } from '../../entries/stat-reader.ts';
import type { DestinationCursor, JoinVisitor, RecordedCursor, SourceCursor } from '../join/three-way-join.ts';
import { destinationAsRecorded, sameTarget, sourceAsRecorded } from '../join/equal-run.ts';
import { AncestorTrail } from './ancestor-trail.ts';
import { type Decision, decideEntry, type DecisionRules } from './decide-entry.ts';
import { InodeList } from './inode-list.ts';
import { type FirstName, LinkRegistry } from './link-registry.ts';
import { NameCollisions } from './name-collisions.ts';
import type { Plan } from './plan.ts';
import { Confirm, RecordFlag } from './plan-record.ts';

export interface PlanRules extends DecisionRules {
  /** What the destination has and the source has not is retired. */
  readonly deletes: boolean;
  /** The destination was not scanned: it is taken to be as recorded. */
  readonly trustRecords: boolean;
  /** The destination takes names as different that differ in case or Unicode form only. */
  readonly exactNames: boolean;
  /** The destination can give a file several names; where not, each is a file of its own there. */
  readonly links: boolean;
}

/** What the join counted besides the records. */
export interface PlanCounts {
  /** Source entries that nothing happens to and that have no record. */
  unchanged: number;
  /** What was at the destination before, without directories. */
  destinationFiles: number;
  /** Source entries besides the root. */
  sourceEntries: number;
  /** What is at the destination, is not in the source and has no record of an earlier run. */
  foreign: number;
}

/** Turns what the join finds into records of a plan. */
export class PlanBuilder implements JoinVisitor {
  readonly counts: PlanCounts = { unchanged: 0, destinationFiles: 0, sourceEntries: 0, foreign: 0 };
  /** Inodes of the source that have a new path or content, and inodes whose recorded path is given up: the ends of moves. */
  readonly arrived = new InodeList();
  readonly vacated = new InodeList();
  /** Whether any inode of the source has several names. */
  hasLinks = false;
  readonly #plan: Plan;
  readonly #rules: PlanRules;
  readonly #links = new LinkRegistry();
  readonly #trail: AncestorTrail;
  readonly #collisions: NameCollisions | undefined;
  /** Depth of the directory at the destination that makes way as a whole. */
  #clearingDepth = Infinity;

  /** Names that the destination would take for one; empty where it keeps all apart. */
  get collisions(): NameCollisions['found'] {
    return this.#collisions?.found ?? [];
  }

  constructor(plan: Plan, rules: PlanRules) {
    this.#plan = plan;
    this.#rules = rules;
    this.#trail = new AncestorTrail(plan);
    this.#collisions = rules.exactNames ? undefined : new NameCollisions();
  }

  unchanged(source: SourceCursor, destination: DestinationCursor | undefined, recorded: RecordedCursor): void {
    const { kindCode } = source;
    const special = this.#rules.links && kindCode !== KIND_DIRECTORY && Math.max(source.nlink, destination?.nlink ?? 0) > 1;
    if (special || this.#collisions !== undefined || (this.#rules.checksum && kindCode === KIND_FILE)) {
      this.#sourceEntry(source, destination, recorded);
      return;
    }
    this.#clearingDepth = Infinity;
    this.counts.unchanged++;
    if (source.depth > 0) this.counts.sourceEntries++;
    if (kindCode === KIND_DIRECTORY) this.#trail.enter(source, destination, recorded);
    else this.counts.destinationFiles++;
  }

  differing(
    source: SourceCursor | undefined,
    destination: DestinationCursor | undefined,
    recorded: RecordedCursor | undefined,
  ): void {
    if (source !== undefined) this.#sourceEntry(source, destination, recorded);
    else if (destination !== undefined) this.#onlyAtDestination(destination, recorded);
    else if (recorded !== undefined) this.#onlyRecorded(recorded);
  }

  #sourceEntry(source: SourceCursor, destination: DestinationCursor | undefined, recorded: RecordedCursor | undefined): void {
    this.#clearingDepth = Infinity;
    if (source.depth > 0) this.counts.sourceEntries++;
    this.#collisions?.check(source);
    const there = destination?.stat ?? (recorded === undefined ? undefined : this.#trustedStat(recorded));
    if (there !== undefined && there[0] !== KIND_DIRECTORY) this.counts.destinationFiles++;
    const decision = this.#decide(source, destination, recorded, there);
    const isDirectory = source.kindCode === KIND_DIRECTORY;
    if (decision.op === 'store' && there?.[0] === KIND_DIRECTORY && !isDirectory) this.#clearingDepth = source.depth;
    if (decision.op === 'keep' && decision.reason === 'same' && !(this.#rules.links && source.nlink > 1)) {
      this.counts.unchanged++;
      if (isDirectory) this.#trail.enter(source, destination, recorded);
      return;
    }
    this.#record(source, there, recorded, decision);
  }

  #record(source: SourceCursor, there: Uint8Array | undefined, recorded: RecordedCursor | undefined, decision: Decision): void {
    const isDirectory = source.kindCode === KIND_DIRECTORY;
    const isLinked = this.#rules.links && !isDirectory && source.nlink > 1;
    const first = isLinked ? this.#links.firstName(source.stat, source.device) : undefined;
    const { op, reason } = linkedDecision(decision, first, there);
    if (op === 'keep') this.#trail.precede(source.depth);
    else this.#trail.touch(source.depth);
    const isRecorded = recorded !== undefined && sourceAsRecorded(source, recorded);
    const position = this.#plan.append({
      op,
      reason,
      pathBytes: source.pathBytes,
      depth: source.depth,
      confirm: first === undefined ? decision.confirm : Confirm.none,
      flags: this.#flags(source, there, op) | (op === 'keep' && reason === 'same' && isRecorded ? RecordFlag.noRow : 0),
      source: source.stat,
      target: source.kindCode === KIND_SYMLINK ? source.target : undefined,
      device: source.device,
      destination: there,
      manifest: recorded?.stat,
      extras: recorded?.block.extrasAt(recorded.index),
      first: first?.position ?? -1,
    });
    this.#trail.leave(source.depth);
    if (isLinked) this.hasLinks = true;
    if (isLinked && first === undefined) {
      this.#links.keep(source.stat, source.device, {
        path: source.path,
        position,
        destinationIno: there === undefined ? undefined : readIno(there),
        isStored: op === 'store',
      });
    }
    if (source.kindCode === KIND_FILE) this.#noteInodes(source, there, recorded, op, position);
  }

  #noteInodes(
    source: SourceCursor,
    there: Uint8Array | undefined,
    recorded: RecordedCursor | undefined,
    op: OperationName,
    position: number,
  ): void {
    const sameFile = recorded !== undefined && sameInode(source.stat, recorded.stat);
    if ((op === 'store' || op === 'link') && !sameFile) this.arrived.add(readIno(source.stat), position);
    if (recorded?.kindCode === KIND_FILE && there !== undefined && !sameFile) this.vacated.add(readIno(recorded.stat), position);
  }

  #decide(
    source: SourceCursor,
    destination: DestinationCursor | undefined,
    recorded: RecordedCursor | undefined,
    there: Uint8Array | undefined,
  ): Decision {
    const other = destination ?? (there === undefined ? undefined : recorded);
    const decision = decideEntry(
      {
        source: source.stat,
        destination: there,
        recorded:
          recorded === undefined
            ? undefined
            : {
                source: recorded.stat,
                sameSource: sourceAsRecorded(source, recorded),
                sameDestination: destination === undefined ? there !== undefined : destinationAsRecorded(destination, recorded),
              },
        sameTarget: other !== undefined && sameTarget(source, other),
      },
      this.#rules,
    );
    // A store that is not certain yet may turn out to stay what is there.
    const mayStay = decision.op !== 'store' || decision.confirm !== Confirm.none;
    const parted = this.#rules.links && there !== undefined && mayStay && source.kindCode !== KIND_DIRECTORY;
    if (parted && this.#links.isForeign(source.stat, source.device, there))
      return { op: 'store', reason: 'link', confirm: Confirm.none };
    return decision;
  }

  #flags(source: SourceCursor, there: Uint8Array | undefined, op: OperationName): number {
    const isDirectory = source.kindCode === KIND_DIRECTORY;
    const inTheWay = (op === 'store' || op === 'link') && there !== undefined && isDirectory !== (there[0] === KIND_DIRECTORY);
    return (
      (isDirectory && op !== 'keep' ? RecordFlag.settle : 0) |
      (inTheWay ? RecordFlag.obstacle : 0) |
      (this.#rules.links && source.nlink > 1 ? RecordFlag.linked : 0)
    );
  }

  #onlyAtDestination(destination: DestinationCursor, recorded: RecordedCursor | undefined): void {
    const carried = this.#isCarried(destination.depth);
    this.#trail.leave(destination.depth);
    if (destination.kindCode !== KIND_DIRECTORY) this.counts.destinationFiles++;
    if (recorded === undefined) this.counts.foreign++;
    if (!this.#rules.deletes && !carried) return;
    if (!carried) this.#trail.touch(destination.depth);
    const position = this.#plan.append({
      op: 'retire',
      reason: 'not in source',
      pathBytes: destination.pathBytes,
      depth: destination.depth,
      flags: carried ? RecordFlag.carried : 0,
      destination: destination.stat,
      manifest: recorded?.stat,
    });
    const isRecorded =
      recorded !== undefined && !carried && destination.kindCode === KIND_FILE && destinationAsRecorded(destination, recorded);
    if (isRecorded) this.vacated.add(readIno(recorded.stat), position);
  }

  /** Gone on both sides (or, where the destination was not looked at, to be retired there). */
  #onlyRecorded(recorded: RecordedCursor): void {
    const carried = this.#isCarried(recorded.depth);
    this.#trail.leave(recorded.depth);
    const there = this.#trustedStat(recorded);
    if (there !== undefined && recorded.kindCode !== KIND_DIRECTORY) this.counts.destinationFiles++;
    if (there !== undefined && !this.#rules.deletes && !carried) return;
    if (!carried) this.#trail.touch(recorded.depth);
    this.#plan.append({
      op: there === undefined ? 'keep' : 'retire',
      reason: 'not in source',
      pathBytes: recorded.pathBytes,
      depth: recorded.depth,
      flags: carried ? RecordFlag.carried : 0,
      destination: there,
      manifest: recorded.stat,
    });
  }

  /** Whether what is at this depth now goes with the directory that makes way. */
  #isCarried(depth: number): boolean {
    const carried = depth > this.#clearingDepth;
    if (!carried) this.#clearingDepth = Infinity;
    return carried;
  }

  /** What is at the destination where it is not looked at: what the last run left. */
  #trustedStat(recorded: RecordedCursor): Uint8Array | undefined {
    if (!this.#rules.trustRecords) return undefined;
    const start = recorded.statOffset;
    return recorded.block.destinationStats.subarray(start, start + recorded.stat.length);
  }
}

/**
 * A further name of an inode is made by a link, unless it is that already. `resolveLinks` looks again when all is certain; but what may
 * become a link must be one now, because the directories above get their records before it.
 */
function linkedDecision(
  decision: Decision,
  first: FirstName | undefined,
  there: Uint8Array | undefined,
): { op: OperationName; reason: OperationReason } {
  if (first === undefined) return decision;
  const isName = there !== undefined && first.destinationIno === readIno(there) && decision.reason !== 'link';
  if (isName && !first.isStored) return { op: 'keep', reason: 'same' };
  return { op: 'link', reason: there === undefined ? 'new' : 'link' };
}
