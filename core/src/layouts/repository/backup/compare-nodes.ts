import type { OperationReason } from '../../../contracts/events.ts';
import { parseTime } from '../format/go-text/parse-time.ts';
import type { Node } from '../format/tree/node.ts';

/** Whether two entries of one name have the same text in a tree, apart from their content, directory and extended attributes. */
export function isSameNode(made: Node, prior: Node): boolean {
  return (
    made.type === prior.type &&
    made.mtime === prior.mtime &&
    made.ctime === prior.ctime &&
    made.atime === prior.atime &&
    made.inode === prior.inode &&
    made.size === prior.size &&
    made.mode === prior.mode &&
    made.uid === prior.uid &&
    made.gid === prior.gid &&
    made.user === prior.user &&
    made.group === prior.group &&
    made.deviceId === prior.deviceId &&
    made.links === prior.links &&
    made.linkTarget === prior.linkTarget &&
    made.device === prior.device &&
    prior.error === '' &&
    prior.genericAttributes.size === 0 &&
    prior.unknown.size === 0
  );
}

/** Whether two entries are one inode in the same state, as far as that tells. */
export function isSameInode(made: Node, prior: Node): boolean {
  return made.inode === prior.inode && isSameTime(made.ctime, prior.ctime);
}

/** Why a file must be read again; undefined where its content is taken to be that of `prior`. */
export function whyRead(made: Node, prior: Node | undefined, hasStableIdentity: boolean): OperationReason | undefined {
  if (prior === undefined) return 'new';
  if (prior.type !== 'file') return 'type';
  if (made.size !== prior.size) return 'size';
  if (!isSameTime(made.mtime, prior.mtime)) return 'mtime';
  return hasStableIdentity && !isSameInode(made, prior) ? 'ctime' : undefined;
}

/** The same instant, whatever time zone it is written in. */
function isSameTime(a: string, b: string): boolean {
  return a === b || parseTime(a) === parseTime(b);
}
