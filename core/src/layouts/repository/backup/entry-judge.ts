import type { Entry, EntryMetadata } from '../../../contracts/entry.ts';
import type { OperationReason } from '../../../contracts/events.ts';
import type { TimeFormatter } from '../format/go-text/time-formatter.ts';
import { ID_BYTES } from '../format/object-id.ts';
import { entryToNode } from '../format/tree/entry-to-node.ts';
import type { Node } from '../format/tree/node.ts';
import type { BlobIndex } from '../index/blob-index.ts';
import { isSameInode, isSameNode, whyRead } from './compare-nodes.ts';
import type { OwnerNames } from './owner-names.ts';
import type { PriorEntry } from './prior-directory.ts';

export interface JudgeOptions {
  readonly index: BlobIndex;
  readonly times: TimeFormatter;
  readonly names: OwnerNames;
  readonly owner: boolean;
  /** The parent's extended attributes are all that its maker could see, and it could see as much as we can. */
  readonly trustsAttributes: boolean;
}

/** What an entry is compared with the parent snapshot. */
export interface Judgement {
  readonly draft: Node;
  readonly isSame: boolean;
  readonly reason: OperationReason | undefined;
  /** The prior's extended attributes still are those of the entry: setting one changes the inode's ctime. */
  readonly keepsAttributes: boolean;
}

/** Compares entries with what the parent snapshot has at their place. */
export class EntryJudge {
  readonly #options: JudgeOptions;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** The node of an entry as the scan has it, and what of the prior still holds for it. */
  judge(entry: Entry, place: EntryPlace, prior: PriorEntry | undefined): Judgement {
    const made = entryToNode(this.#withOwner(entry, place.device), {}, { times: this.#options.times });
    const draft = place.name === undefined ? made : { ...made, name: place.name };
    const { isStable } = place;
    const keepsAttributes = this.#options.trustsAttributes && isStable && prior !== undefined && isSameInode(draft, prior.node);
    const reason = draft.type === 'file' ? this.#whyRead(draft, prior?.node, isStable) : undefined;
    const isSame = keepsAttributes && reason === undefined && isSameNode(draft, prior.node);
    return { draft, isSame, reason, keepsAttributes };
  }

  /** Whether the names of an entry's owners are known. */
  async learnOwners({ metadata: { uid = 0, gid = 0 } }: Entry): Promise<void> {
    await this.#options.names.learn(uid, gid);
  }

  knowsOwners({ metadata: { uid = 0, gid = 0 } }: Entry): boolean {
    return !this.#options.owner || this.#options.names.knows(uid, gid);
  }

  #whyRead(draft: Node, prior: Node | undefined, isStable: boolean): OperationReason | undefined {
    const reason = whyRead(draft, prior, isStable);
    if (reason !== undefined || prior === undefined) return reason;
    return this.#hasAll(prior.content ?? new Uint8Array(0)) ? undefined : 'missing at destination';
  }

  #hasAll(ids: Uint8Array): boolean {
    for (let at = 0; at < ids.length; at += ID_BYTES) if (!this.#options.index.has('data', ids, at)) return false;
    return true;
  }

  #withOwner(entry: Entry, device: bigint | undefined): Entry {
    const { metadata, identity } = entry;
    const { names, owner } = this.#options;
    const { uid = 0, gid = 0, mtimeNs, mode } = metadata;
    const named: Writable<EntryMetadata> = {};
    if (mtimeNs !== undefined) named.mtimeNs = mtimeNs;
    if (mode !== undefined) named.mode = mode;
    if (owner) {
      named.uid = uid;
      named.gid = gid;
      named.user = metadata.user ?? names.user(uid);
      named.group = metadata.group ?? names.group(gid);
    }
    const isElsewhere = identity !== undefined && device !== undefined && identity.dev !== device;
    return { ...entry, metadata: named, ...(isElsewhere && { identity: { ...identity, dev: device } }) };
  }
}

type Writable<Fields> = { -readonly [Name in keyof Fields]: Fields[Name] };

/** What of an entry's place bears on its node. */
export interface EntryPlace {
  /** st_dev to be recorded. */
  readonly device: bigint | undefined;
  /** Where it goes by another name than its own. */
  readonly name: Uint8Array | undefined;
  /** The source's inode numbers and times of change tell whether a file is another one. */
  readonly isStable: boolean;
}
