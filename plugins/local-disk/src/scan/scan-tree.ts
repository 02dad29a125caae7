import { compileSelection, type EntryBlock, type ScanOptions } from '@holdfast/core/plugin';
import { closeIfThrows } from '../store/ensure-directory.ts';
import { close, duplicateFd } from '../syscalls/open.ts';
import { sharedPool, type WorkerPool } from '../workers/worker-pool.ts';
import { dropEmptyDirectories } from './drop-empty-directories.ts';
import { readRoot, type ScanRoot } from './read-root.ts';
import { ScanDriver } from './scan-driver.ts';
import { defaultLimits, type ScanLimits, type ScanRules } from './scan-protocol.ts';

export interface ScanTreeOptions extends ScanOptions {
  /** `rootFd` is the root of a tree that Holdfast may have cloned to, not a directory within: a `.holdfast` in it is left out in any case. Default true. */
  readonly isTreeRoot?: boolean;
  /** Default: the pool of the process. */
  readonly pool?: WorkerPool;
  /** Sizes other than the usual ones, for tests. */
  readonly limits?: Partial<ScanLimits>;
}

/**
 * Everything below an open directory (and the directory itself, as the root) in tree order: siblings by the bytes of their
 * names, a directory right before its children. Threads read ahead of the consumer, within bounds. What cannot be read goes
 * to `onSkip` before any block that follows it. `rootFd` may be closed once the iteration has begun.
 *
 * Throws a HoldfastError (`read-failed`) where the root tells nothing of itself, and the signal's reason.
 */
export async function* scanTree(rootFd: number, options: ScanTreeOptions): AsyncGenerator<EntryBlock, void> {
  const limits = { ...defaultLimits, ...options.limits };
  options.signal?.throwIfAborted();
  const fd = duplicateFd(rootFd);
  const root = closeIfThrows(fd, () => readRoot(fd));
  const selection = compileSelection(options.selection);
  const rules = makeRules(root, options, limits, selection.trivial);
  const driver = new ScanDriver(fd, root, rules, options, options.pool ?? sharedPool());
  try {
    yield root.block;
    yield* selection.mayDefer
      ? dropEmptyDirectories(driver.blocks(), limits.entriesPerBlock, () => options.onExclude(1))
      : driver.blocks();
  } finally {
    await driver.stop();
    close(fd);
  }
}

let scans = 0;

function makeRules(
  { hole }: ScanRoot,
  { selection, isTreeRoot }: ScanTreeOptions,
  limits: ScanLimits,
  isTrivial: boolean,
): ScanRules {
  const [, , major, minor] = hole.directory.identity;
  const { excludeIfPresent, excludeCaches, oneFileSystem } = selection;
  return {
    scanId: scans++,
    selection,
    filtered: !isTrivial || excludeIfPresent.length > 0 || excludeCaches,
    ...(oneFileSystem ? { onlyDevice: [major, minor] as const } : {}),
    stateAtRoot: isTreeRoot ?? true,
    limits,
  };
}
