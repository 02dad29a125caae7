import { HoldfastError, isHoldfastError } from '@holdfast/core/plugin';
import type { ErrorCode, RelPath } from '@holdfast/core/plugin';
import { noteFailure } from './store/failure-note.ts';
import type { FailureNote } from './store/failure-note.ts';
import { ERRNO, errnoCode } from './syscalls/errno.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly text: string;
  readonly hint?: string;
}

/** What an errno means wherever it happens. Source: errno(3) and the man page of each call. */
const general: Readonly<Record<number, Meaning>> = {
  [ERRNO.ENOENT]: { code: 'not-found', text: 'it does not exist' },
  [ERRNO.ENAMETOOLONG]: { code: 'name-not-allowed', text: 'the name is too long for this file system' },
  [ERRNO.EILSEQ]: { code: 'name-not-allowed', text: 'this file system does not take these characters in names' },
  [ERRNO.ELOOP]: { code: 'link-escapes', text: 'a symbolic link stands where a file or directory is expected' },
  [ERRNO.EXDEV]: { code: 'link-escapes', text: 'the path leads out of its root or to another file system' },
  [ERRNO.ENOTDIR]: { code: 'not-a-directory', text: 'something that is no directory stands in the way' },
  [ERRNO.EISDIR]: { code: 'is-directory', text: 'a directory stands in the way' },
  [ERRNO.ENOTEMPTY]: { code: 'is-directory', text: 'a directory that is not empty stands in the way' },
  [ERRNO.EEXIST]: { code: 'exists', text: 'it exists already' },
  [ERRNO.ESTALE]: { code: 'not-found', text: 'it was removed on the file server' },
  [ERRNO.EMFILE]: {
    code: 'internal',
    text: 'too many open files',
    hint: 'Raise the limit of open files (ulimit -n) and run again.',
  },
};

const atSource: Readonly<Record<number, Meaning>> = {
  [ERRNO.EACCES]: { code: 'access-denied', text: 'reading it is not permitted' },
  [ERRNO.EPERM]: { code: 'access-denied', text: 'reading it is not permitted' },
  [ERRNO.EINVAL]: { code: 'read-failed', text: 'the file system does not support this' },
  [ERRNO.ENXIO]: { code: 'read-failed', text: 'no device stands behind it' },
};

const full: Meaning = { code: 'destination-full', text: 'no space left on the destination' };

const atDestination: Readonly<Record<number, Meaning>> = {
  [ERRNO.ENOSPC]: full,
  [ERRNO.EDQUOT]: { code: 'destination-full', text: 'the quota is used up', hint: 'Free some space, or have the quota raised.' },
  [ERRNO.EROFS]: { code: 'read-only', text: 'the file system is read-only' },
  [ERRNO.EACCES]: { code: 'access-denied', text: 'writing there is not permitted' },
  [ERRNO.EPERM]: {
    code: 'access-denied',
    text: 'the system does not permit it',
    hint: 'Run as root; if the file is immutable, clear that with `chattr -i -a`.',
  },
  [ERRNO.EFBIG]: { code: 'too-large', text: 'it is larger than the file system can hold' },
  [ERRNO.EMLINK]: { code: 'write-failed', text: 'the file system allows no further name for this file' },
};

/** The error for the user: what failed and why, with the code of the error table. */
export function explainFailure(note: FailureNote, path: RelPath, cause?: unknown): HoldfastError {
  const { errno } = note;
  const { code, text, hint }: Meaning = errno === undefined ? ownMeaning(note) : meaningOf({ ...note, errno });
  const call = errno === undefined ? '' : ` (${note.syscall}: ${errnoCode(errno)})`;
  const message = `Cannot ${note.action} ${show(path)}: ${text}${call}.`;
  return new HoldfastError(code, message, { path, cause, ...(hint === undefined ? {} : { hint }) });
}

function ownMeaning({ code = 'internal', text = 'it failed', hint }: FailureNote): Meaning {
  return { code, text, ...(hint === undefined ? {} : { hint }) };
}

/** Any thrown value as the error for the user; a HoldfastError stays as it is. */
export function describeFailure(error: unknown, path: RelPath): HoldfastError {
  return isHoldfastError(error) ? error : explainFailure(noteFailure(error), path, error);
}

/** Calls that make a name: EINVAL of them is about the name. */
const NAMING = new Set(['openat', 'mkdirat', 'mknodat', 'symlinkat', 'linkat', 'renameat2']);
const badName: Meaning = { code: 'name-not-allowed', text: 'the file system does not take this name' };

function meaningOf(note: FailureNote & { readonly errno: number }): Meaning {
  const { side, errno } = note;
  if (side === 'source') return atSource[errno] ?? general[errno] ?? { code: 'read-failed', text: 'reading failed' };
  if (errno === ERRNO.EINVAL && NAMING.has(note.syscall ?? '')) return badName;
  return atDestination[errno] ?? general[errno] ?? { code: 'write-failed', text: 'writing failed' };
}

function show(path: RelPath): string {
  return path === '' ? 'the root' : JSON.stringify(path);
}
