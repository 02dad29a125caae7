import { check } from '../syscalls/errno.ts';
import { close, openat } from '../syscalls/open.ts';
import { AT_FDCWD, O_CLOEXEC, O_DIRECTORY, O_PATH } from '../syscalls/open-flags.ts';
import { toCString } from '../syscalls/c-string.ts';
import { copyMetadata } from '../store/copy-metadata.ts';
import { ensureDirectory, inParent, openIfThere, splitPath } from '../store/ensure-directory.ts';
import { noteFailure } from '../store/failure-note.ts';
import { makeHardLink } from '../store/hard-link.ts';
import { moveEntry } from '../store/move-entry.ts';
import { recordOf, sourceTimesOf } from '../store/pack-record.ts';
import { removeEntry, removeTree } from '../store/remove-entry.ts';
import { scratch } from '../store/scratch.ts';
import { enter } from '../store/step.ts';
import { isTempName, tempName } from '../store/temp-name.ts';
import type { BatchContext, OrderedAnswer, OrderedOperation, OrderedRequest } from './batch-protocol.ts';

const HERE = Buffer.from('.\0');

/** Carries out operations one after the other; one that fails does not end the others. `checkAborted` throws when it is enough. */
export function carryOutInOrder({ operations, context }: OrderedRequest, checkAborted: () => void): readonly OrderedAnswer[] {
  return operations.map((operation) => {
    checkAborted();
    try {
      return carryOut(operation, context);
    } catch (error) {
      return { failure: noteFailure(error) };
    }
  });
}

function carryOut(operation: OrderedOperation, context: BatchContext): OrderedAnswer {
  const { rootFd } = context;
  switch (operation.op) {
    case 'link':
      return { displaced: link(operation, context), stat: recordOf(scratch.target) };
    case 'move':
      return { displaced: moveEntry(rootFd, operation.key, operation.to, operation.displaceTo), stat: recordOf(scratch.target) };
    case 'remove':
      remove(rootFd, operation.key);
      return {};
    case 'directory-metadata':
      return {
        notKept: settleDirectory(operation, context),
        stat: recordOf(scratch.target),
        sourceTimes: sourceTimesOf(scratch.source),
      };
    default:
      return operation satisfies never;
  }
}

function link(
  { key, existing, displaceTo, temp }: OrderedOperation & { op: 'link' },
  { rootFd, tempPrefix }: BatchContext,
): boolean {
  enter('destination', 'link');
  const { parent, name } = splitPath(key);
  const directoryFd = ensureDirectory(rootFd, parent);
  try {
    return inParent(rootFd, existing, (existingFd, existingName) =>
      makeHardLink({
        rootFd,
        existing: { directoryFd: existingFd, name: existingName },
        key,
        place: { directoryFd, name: toCString(name) },
        temp: { directoryFd, name: tempName(tempPrefix, temp) },
        displaceTo,
      }),
    );
  } finally {
    close(directoryFd);
  }
}

function remove(rootFd: number, key: Uint8Array): void {
  enter('destination', 'remove');
  const { parent, name: last } = splitPath(key);
  const directoryFd = openIfThere(rootFd, parent);
  if (directoryFd === undefined) return;
  try {
    const name = toCString(last);
    // What a run that was interrupted left unfinished may be a directory with entries.
    if (isTempName(name.toString('latin1'))) removeTree({ directoryFd, name });
    else removeEntry({ directoryFd, name });
  } finally {
    close(directoryFd);
  }
}

function settleDirectory(
  operation: OrderedOperation & { op: 'directory-metadata' },
  { rootFd, preserve }: BatchContext,
): readonly string[] {
  enter('source', 'read the metadata of');
  const sourceFd = check(openat(AT_FDCWD, toCString(operation.sourceRoot), O_PATH | O_DIRECTORY | O_CLOEXEC, 0), 'openat');
  try {
    const { dev, ino } = operation;
    return atEntry(sourceFd, operation.sourcePath, (source) => {
      enter('destination', 'set the metadata of');
      return atEntry(rootFd, operation.key, (target) =>
        copyMetadata(source, target, { dev, ino, size: 0n, ctimeNs: undefined }, preserve),
      );
    });
  } finally {
    close(sourceFd);
  }
}

/** As `inParent`; the root is `.` in itself. */
function atEntry<T>(rootFd: number, path: Uint8Array, work: (place: { directoryFd: number; name: Buffer }) => T): T {
  if (path.length === 0) return work({ directoryFd: rootFd, name: HERE });
  return inParent(rootFd, path, (directoryFd, name) => work({ directoryFd, name }));
}
