import { ERRNO, errno, SystemCallError } from './errno.ts';
import { NativeBuffer } from './native-buffer.ts';
import { fgetxattr, flistxattr, fremovexattr, fsetxattr, XATTR_MAX_BYTES } from './xattr.ts';
import { getXattrAt, listXattrsAt, removeXattrAt, setXattrAt } from './xattr-at.ts';

/** One extended attribute. `name` includes its namespace and ends with a zero byte, as the calls want it. */
export interface Xattr {
  readonly name: Buffer;
  readonly value: Buffer;
}

/** The attributes of an open file (directories too); `name` undefined. Or of the entry `name`, zero-terminated, of an open directory. */
export interface XattrOwner {
  readonly fd: number;
  readonly name?: Uint8Array;
}

const NONE: readonly Xattr[] = [];
const FIRST_OFFER = 1024;
const list = new NativeBuffer(XATTR_MAX_BYTES);
const value = new NativeBuffer(XATTR_MAX_BYTES);

/**
 * All attributes that this process may see (trusted.* only as root). Allocates nothing when there are none. An attribute that goes away
 * in between is left out; a file system without attributes has none.
 * @throws SystemCallError, E2BIG for a list of names above 64 KiB, which Linux cannot hand out
 */
export function readXattrs(owner: XattrOwner): readonly Xattr[] {
  const length = offerGrowing((size) => listNames(owner, size));
  if (length < 0) {
    const failure = errno();
    if (failure === ERRNO.ENOTSUP) return NONE;
    throw new SystemCallError('listxattr', failure, owner.name);
  }
  if (length === 0) return NONE;
  const names = Buffer.from(list.bytes.subarray(0, length));
  const found: Xattr[] = [];
  for (let start = 0; start < length; ) {
    const end = names.indexOf(0, start) + 1;
    const name = names.subarray(start, end);
    const content = readXattr(owner, name);
    if (content !== undefined) found.push({ name, value: content });
    start = end;
  }
  return found;
}

/** A copy of one value, or undefined when there is no such attribute. @param name zero-terminated @throws SystemCallError */
export function readXattr(owner: XattrOwner, name: Uint8Array): Buffer | undefined {
  const length = offerGrowing((size) => getValue(owner, name, size));
  if (length >= 0) return Buffer.from(value.bytes.subarray(0, length));
  const failure = errno();
  if (failure === ERRNO.ENODATA || failure === ERRNO.ENOTSUP) return undefined;
  throw new SystemCallError('getxattr', failure, owner.name ?? name);
}

/** Creates or replaces an attribute. @throws SystemCallError: ENOTSUP, ENOSPC or ERANGE where it does not fit, EPERM */
export function writeXattr(owner: XattrOwner, attribute: Xattr, flags = 0): void {
  const { length } = attribute.value;
  if (length > XATTR_MAX_BYTES) throw new SystemCallError('setxattr', ERRNO.E2BIG, attribute.name);
  value.bytes.set(attribute.value);
  const result =
    owner.name === undefined
      ? fsetxattr(owner.fd, attribute.name, value.address, length, flags)
      : setXattrAt(owner.fd, owner.name, attribute.name, value, length, flags);
  if (result < 0) throw new SystemCallError('setxattr', errno(), attribute.name);
}

/** Removes an attribute; one that is not there is fine. @param name zero-terminated @throws SystemCallError */
export function removeXattr(owner: XattrOwner, name: Uint8Array): void {
  const result = owner.name === undefined ? fremovexattr(owner.fd, name) : removeXattrAt(owner.fd, owner.name, name);
  if (result < 0 && errno() !== ERRNO.ENODATA) throw new SystemCallError('removexattr', errno(), name);
}

function listNames({ fd, name }: XattrOwner, size: number): number {
  return name === undefined ? flistxattr(fd, list.address, size) : listXattrsAt(fd, name, list, size);
}

function getValue({ fd, name }: XattrOwner, attribute: Uint8Array, size: number): number {
  return name === undefined ? fgetxattr(fd, attribute, value.address, size) : getXattrAt(fd, name, attribute, value, size);
}

/** Offers little memory first, all of it when that was not enough: the kernel clears what it is offered. */
function offerGrowing(call: (size: number) => number): number {
  const length = call(FIRST_OFFER);
  return length < 0 && errno() === ERRNO.ERANGE ? call(XATTR_MAX_BYTES) : length;
}
