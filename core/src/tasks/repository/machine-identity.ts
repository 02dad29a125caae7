import { hostname, userInfo } from 'node:os';
import { pid } from 'node:process';
import type { LockIdentity } from '../../layouts/repository/store/lock-identity.ts';

/** Who this process is, as it stands in locks and keys. */
export function machineIdentity(): LockIdentity {
  const { username, uid, gid } = currentUser();
  return { hostname: hostname(), username, pid, uid: Math.max(0, uid), gid: Math.max(0, gid) };
}

/** The system may know no name for the user, for example in a container. */
function currentUser(): { readonly username: string; readonly uid: number; readonly gid: number } {
  try {
    return userInfo();
  } catch {
    const uid = process.getuid?.() ?? 0;
    return { username: String(uid), uid, gid: process.getgid?.() ?? 0 };
  }
}
