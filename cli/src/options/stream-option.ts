import { spawn } from 'node:child_process';
import { type BackupRequest, HoldfastError } from '@holdfast/core';

const DEFAULT_NAME = 'stdin';

interface StreamFlags {
  readonly stdin?: string;
  readonly stdinFromCommand?: string;
}

/** What is to be stored instead of files, where the user asked for that. Throws `usage`. */
export function readStream(
  { stdin, stdinFromCommand }: StreamFlags,
  sources: readonly string[],
  signal: AbortSignal,
): BackupRequest['stream'] {
  if (stdin === undefined && stdinFromCommand === undefined) {
    if (sources.length > 0) return undefined;
    throw new HoldfastError('usage', 'Nothing to back up was named.', { hint: 'Give one SOURCE or more, or --stdin NAME.' });
  }
  if (sources.length > 0) throw new HoldfastError('usage', 'Standard input is backed up alone: leave out SOURCE or --stdin.');
  const name = (stdin ?? DEFAULT_NAME).replace(/^\/+/, '');
  if (name === '' || name.includes('/') || name === '.' || name === '..')
    throw new HoldfastError('usage', `"${stdin ?? ''}" is no name of a file.`, {
      hint: 'Write a name without a slash, for example database.sql.',
    });
  return { name, open: () => (stdinFromCommand === undefined ? process.stdin : printedBy(stdinFromCommand, signal)) };
}

/** What a command prints. Rejects where it fails, so that half of it is not taken for all. */
async function* printedBy(command: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'], signal });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, by) =>
      resolve(code === 0 ? undefined : by === null ? `it ended with ${String(code)}` : `it was ended by ${by}`),
    );
  });
  yield* child.stdout as AsyncIterable<Uint8Array>;
  const why = await ended;
  signal.throwIfAborted();
  if (why !== undefined)
    throw new HoldfastError('usage', `The command failed: ${why}. No version was made.`, {
      hint: `Try it by itself: ${command}`,
    });
}
