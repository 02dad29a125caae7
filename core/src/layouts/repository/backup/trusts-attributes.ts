import type { LockIdentity } from '../store/lock-identity.ts';
import type { LoadedSnapshot } from '../store/snapshots/load-snapshots.ts';

/** Who always writes all extended attributes; a version that was made without them says so behind. restic names itself since 0.17 only. */
const completeWriters = /^(?:|(?:restic|holdfast) [\w.+-]+)$/;

/** Whether a snapshot has every extended attribute that `identity` would see: other users see other ones. */
export function trustsAttributes(parent: LoadedSnapshot | undefined, { username, uid }: LockIdentity): boolean {
  if (parent === undefined) return false;
  const { file } = parent;
  return file.username === username && file.uid === uid && completeWriters.test(file.programVersion);
}
