import { check } from '../syscalls/errno.ts';
import { close, openat } from '../syscalls/open.ts';
import { AT_FDCWD, O_CLOEXEC, O_DIRECTORY, O_PATH } from '../syscalls/open-flags.ts';
import { openDirectoryBeneath } from '../syscalls/open-beneath.ts';
import { toCString } from '../syscalls/c-string.ts';
import { prepareHasher } from '../store/content-hasher.ts';
import type { CopyControl } from '../store/store-options.ts';
import { TransferredResponse } from '../workers/worker-protocol.ts';
import type { TaskContext } from '../workers/worker-protocol.ts';
import type { BatchRequest, CopyAnswer, CopyProgress, CopyRequest } from './batch-protocol.ts';
import { copyControl } from './copy-control.ts';
import { copyGroup } from './copy-group.ts';
import { carryOutInOrder } from './ordered-operations.ts';
import { discardGroups, publishDirectories, publishGroups } from './publish-groups.ts';

/** The part of a batch that runs in a worker thread. */
export async function run(request: BatchRequest, context: TaskContext<CopyProgress>): Promise<unknown> {
  switch (request.kind) {
    case 'copy':
      for (const { digest } of request.groups) await prepareHasher(digest);
      return copyGroups(request, copyControl(request, context));
    case 'directories':
      return publishDirectories(request);
    case 'publish':
      return publishGroups(request);
    case 'discard':
      return discardGroups(request);
    case 'ordered':
      return carryOutInOrder(request, () => context.throwIfAborted());
    default:
      return request satisfies never;
  }
}

function copyGroups({ groups, context, durable }: CopyRequest, control: CopyControl): TransferredResponse<CopyAnswer> {
  using sources = new SourceRoots();
  const answers = groups.map((group) =>
    copyGroup(group, context, {
      preserve: context.preserve,
      control,
      durable,
      openSource: (root, directory) => sources.open(root, directory),
    }),
  );
  return new TransferredResponse(
    answers,
    answers.map(({ memory }) => memory),
  );
}

/** The root of the source, opened once for all groups of a request: its own path may go through links, as the user wrote it. */
class SourceRoots implements Disposable {
  #path: Uint8Array | undefined;
  #fd = -1;

  open(root: Uint8Array, directory: Uint8Array): number {
    if (this.#path === undefined || Buffer.compare(this.#path, root) !== 0) {
      this[Symbol.dispose]();
      this.#fd = check(openat(AT_FDCWD, toCString(root), O_PATH | O_DIRECTORY | O_CLOEXEC, 0), 'openat', root);
      this.#path = root;
    }
    return openDirectoryBeneath(this.#fd, directory);
  }

  [Symbol.dispose](): void {
    if (this.#fd >= 0) close(this.#fd);
    this.#fd = -1;
    this.#path = undefined;
  }
}
