import { encodePath, encodeText } from '@holdfast/core/plugin';
import type { DestinationCapabilities, LocalFile } from '@holdfast/core/plugin';
import type { DiskRoot } from '../objects/disk-root.ts';
import { StagedFile } from '../objects/staged-file.ts';
import { EntryFailure } from '../store/entry-failure.ts';
import { splitPath } from '../store/ensure-directory.ts';
import { shareBlocks } from '../store/reflink.ts';
import { scratch } from '../store/scratch.ts';
import { enter } from '../store/step.ts';
import { toCString } from '../syscalls/c-string.ts';
import { check } from '../syscalls/errno.ts';
import { close, openat, openForReading } from '../syscalls/open.ts';
import { openDirectoryBeneath } from '../syscalls/open-beneath.ts';
import { AT_FDCWD, O_CLOEXEC, O_DIRECTORY, O_PATH } from '../syscalls/open-flags.ts';
import { statFd } from '../syscalls/stat.ts';

export function cloneInto(root: DiskRoot): NonNullable<DestinationCapabilities['cloneFrom']> {
  return async (local, key, { signal }) => {
    signal?.throwIfAborted();
    await using staged = new StagedFile(root, key);
    const shared = root.explain(key, 'clone', () => withLocalFile(local, (fd) => shareInto(staged, fd)));
    if (shared) staged.publish();
    return shared;
  };
}

function shareInto(staged: StagedFile, sourceFd: number): boolean {
  const { dev } = scratch.source;
  enter('destination', 'clone');
  statFd(staged.fd, scratch.target);
  return shareBlocks(sourceFd, dev, staged.fd, scratch.target.dev);
}

/** Runs `work` with a file of this machine, open; `scratch.source` describes it. @throws SystemCallError, EntryFailure when it is another by now */
function withLocalFile<T>({ root, path, dev, ino }: LocalFile, work: (fd: number) => T): T {
  enter('source', 'read');
  const rootFd = check(openat(AT_FDCWD, toCString(encodeText(root)), O_PATH | O_DIRECTORY | O_CLOEXEC, 0), 'openat', root);
  const opened: number[] = [rootFd];
  try {
    const { parent, name } = splitPath(encodePath(path));
    const directoryFd = openDirectoryBeneath(rootFd, parent);
    opened.push(directoryFd);
    const fd = check(openForReading(directoryFd, toCString(name)), 'openat', name);
    opened.push(fd);
    statFd(fd, scratch.source);
    if (scratch.source.ino !== ino || scratch.source.dev !== dev)
      throw new EntryFailure('source-changed', 'another file took its place since the scan');
    return work(fd);
  } finally {
    for (const fd of opened) close(fd);
  }
}
