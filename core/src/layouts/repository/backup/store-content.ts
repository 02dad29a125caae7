import type { Node } from '../format/tree/node.ts';
import type { TimeFormatter } from '../format/go-text/time-formatter.ts';
import type { LazyEngine } from './lazy-engine.ts';
import type { FileState } from '../engine/protocol.ts';
import type { StoredFile } from '../engine/stored-file.ts';
import type { BackupLog } from './backup-log.ts';
import { isItemError } from './is-item-error.ts';
import type { PendingEntry } from './pending-entry.ts';

export interface ContentTools {
  readonly engine: LazyEngine;
  readonly times: TimeFormatter;
  readonly log: BackupLog;
  readonly signal: AbortSignal;
  /** Why the engine cannot go on, once it cannot: no matter of one file. */
  readonly engineFailure: () => unknown;
}

/**
 * Reads a file into the repository, a second time if it changes meanwhile. What cannot be read has its `error` then. Rejects with what ends
 * the backup.
 */
export async function storeContent(pending: PendingEntry, tools: ContentTools): Promise<void> {
  const { engine, log, signal, times } = tools;
  const { entry, source } = pending;
  const content = source.content(entry);
  try {
    let stored = await engine.storeFile(content, { signal });
    log.read(stored);
    if (stored.isTorn) {
      stored = await engine.storeFile(content, { signal });
      log.read(stored);
      if (stored.isTorn) log.torn(pending.path);
    }
    pending.content = stored.ids;
    pending.changed = nodeAsRead(pending.draft, stored, times);
  } catch (error) {
    if (tools.engineFailure() !== undefined || signal.aborted || !isItemError(error)) throw error;
    pending.error = error;
  }
}

/** A node of the state that was read, where that is no longer the one that was scanned: the next backup must not take it for unchanged. */
function nodeAsRead(draft: Node, { size, state }: StoredFile, times: TimeFormatter): Node | undefined {
  const bytes = BigInt(size);
  if (state === undefined || isAsScanned(draft, state, times))
    return bytes === draft.size ? undefined : { ...draft, size: bytes };
  const mtime = times.format(state.mtimeNs);
  return { ...draft, size: bytes, mtime, atime: mtime, ctime: times.format(state.ctimeNs) };
}

function isAsScanned(draft: Node, state: FileState, times: TimeFormatter): boolean {
  return times.format(state.mtimeNs) === draft.mtime && times.format(state.ctimeNs) === draft.ctime;
}
