/** How a repository is reached: what every verb that opens one takes. */
export interface RepositoryAccess {
  /** As the user writes it. */
  readonly location: string;
  /** Asked when there is a repository; rejects with `usage` where the user gave none. */
  readonly password: () => Promise<string>;
  /** How long to wait for a lock that somebody else has, milliseconds; absent: not at all. */
  readonly retryLockMs?: number;
  /** Read without a lock: only where nobody removes anything meanwhile. */
  readonly noLock?: boolean;
  /** Keep index, snapshots and trees of a repository that is not on this machine. */
  readonly cache?: boolean;
}

/** How to open the repository that a location may turn out to be. */
export type RepositoryReach = Omit<RepositoryAccess, 'location'>;

export interface InitRequest extends RepositoryAccess {
  readonly version: 1 | 2;
  /** Cut files as this repository does. */
  readonly chunkerFrom?: RepositoryAccess;
}

/** A repository that was made. */
export interface RepositoryFacts {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly version: 1 | 2;
  /** Where it is, as the destination calls it. */
  readonly location: string;
  readonly keyId: string;
}

/** A key, as `holdfast repo key list` shows it. */
export interface KeyLine {
  readonly id: string;
  /** The one that the password opened. */
  readonly current: boolean;
  /** RFC 3339. */
  readonly created?: string;
  readonly username?: string;
  readonly hostname?: string;
  /** What is wrong with it. */
  readonly error?: string;
}

/** A lock, as `holdfast repo unlock` shows it. */
export interface LockLine {
  readonly id: string;
  readonly removed: boolean;
  /** RFC 3339. The rest is absent where it cannot be read. */
  readonly since?: string;
  readonly exclusive?: boolean;
  readonly hostname?: string;
  readonly username?: string;
  readonly pid?: number;
}

/** What is needed to open a repository on a blank machine, apart from the password. */
export interface RecoveryKit {
  readonly id: string;
  readonly version: 1 | 2;
  readonly location: string;
  readonly madeAt: string;
  /** Each with what stands in its file, to the byte. */
  readonly keys: readonly (KeyLine & { readonly text: string })[];
}

/** What a repository takes and holds. Bytes. */
export interface RepositoryStats {
  readonly id: string;
  readonly version: 1 | 2;
  readonly snapshots: number;
  readonly packs: number;
  readonly packBytes: bigint;
  readonly indexFiles: number;
  readonly dataBlobs: number;
  readonly treeBlobs: number;
  /** Of all blobs when decompressed, and as they are stored. */
  readonly plainBytes: bigint;
  readonly storedBytes: bigint;
}

/** A version in a repository, as `holdfast snapshots` shows it. Ids of 64 hexadecimal digits; times as RFC 3339. */
export interface RepositorySnapshotLine {
  readonly id: string;
  readonly time: string;
  readonly tree: string;
  readonly parent?: string;
  readonly original?: string;
  readonly paths: readonly string[];
  readonly hostname: string;
  readonly username: string;
  readonly tags: readonly string[];
  readonly excludes: readonly string[];
  readonly programVersion: string;
  /** What the backup did, where its program says it. */
  readonly files?: bigint;
  readonly bytes?: bigint;
  readonly bytesAdded?: bigint;
}

/** How the tags of snapshots change; `set` replaces all, the others are added and removed. */
export interface TagRequest extends RepositoryAccess {
  /** Ids, beginnings of ids, `latest`, times; none: every snapshot. */
  readonly snapshots: readonly string[];
  readonly set?: readonly string[];
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** A snapshot whose tags changed. */
export interface TaggedSnapshot {
  /** It is a new one, since the id is that of the contents. */
  readonly id: string;
  readonly before: string;
  readonly tags: readonly string[];
}
