import type { Scope } from '../container/scope.ts';
import type { FileEntry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { Source } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { blocksOf } from '../entries/blocks-of.ts';
import { EntryCursor } from '../entries/entry-cursor.ts';
import type { RunLog } from '../pipeline/run-log.ts';
import { everything } from './selections.ts';
import { tokens } from './tokens.ts';

/** Files that are read together: so much of them at once. */
const WINDOW_BYTES = 256n * 2n ** 20n;
const WINDOW_FILES = 4096;

/**
 * Reads every file of a version of a repository and every directory, and tells each that is damaged. `isChosen` is asked for each file. A blob
 * that several files of a window have is read once.
 */
export async function verifyVersion(scope: Scope, source: Source, log: RunLog, isChosen: () => boolean): Promise<void> {
  log.enter('verify');
  log.verified = { method: 'digest', files: 0, bytes: 0n };
  const signal = scope.resolve(tokens.signal);
  const onSkip = ({ path, message }: { path: RelPath; message: string }): void => log.wrong(path, 0n, 'damaged', message);
  const cursor = new EntryCursor(blocksOf(source.scan({ selection: everything, signal, onSkip, onExclude: () => undefined })));
  let window: FileEntry[] = [];
  let bytes = 0n;
  try {
    for (await cursor.start(); !cursor.done; ) {
      const entry = cursor.entry();
      if (entry.kind !== 'file') log.checked(entry.path, 0n);
      else if (isChosen()) {
        window.push(entry);
        bytes += entry.size;
      }
      if (bytes >= WINDOW_BYTES || window.length >= WINDOW_FILES) {
        await verifyFiles(source, window, log, signal);
        window = [];
        bytes = 0n;
      }
      if (!cursor.advance()) await cursor.refill();
    }
    await verifyFiles(source, window, log, signal);
  } finally {
    await cursor.close();
  }
}

async function verifyFiles(source: Source, files: readonly FileEntry[], log: RunLog, signal: AbortSignal): Promise<void> {
  if (source.readMany === undefined) throw new HoldfastError('internal', 'This source cannot be read in an order of its own.');
  const left = files.map(({ size }) => size);
  const errors = new Map<number, string>();
  const requests = files.map((entry) => ({ entry, range: { offset: 0n, length: entry.size } }));
  for await (const { index, bytes, error } of source.readMany(requests, { signal })) {
    if (error !== undefined) errors.set(index, error.message);
    else left[index] = (left[index] ?? 0n) - BigInt(bytes.length);
    log.bytes.read += BigInt(bytes.length);
  }
  for (const [index, { path, size }] of files.entries()) {
    const error = errors.get(index) ?? (left[index] === 0n ? undefined : `"${path}" is damaged: bytes of it are missing.`);
    if (error !== undefined) {
      log.wrong(path, size, 'damaged', error);
      continue;
    }
    log.verified.files++;
    log.verified.bytes += size;
    log.checked(path, size);
  }
}
