/** Who works with a repository, as stands in its locks and keys. */
export interface LockIdentity {
  readonly hostname: string;
  readonly username: string;
  readonly pid: number;
  /** 0 where the system has none. */
  readonly uid: number;
  readonly gid: number;
}
