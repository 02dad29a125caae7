import type { CallOptions } from '../../../contracts/call-options.ts';
import type { Destination } from '../../../contracts/destination.ts';
import type { Entry } from '../../../contracts/entry.ts';
import type { RelPath } from '../../../contracts/rel-path.ts';
import { isHoldfastError } from '../../../errors/holdfast-error.ts';

const OBJECT_MODE = 0o400;
const FOLDER_MODE = 0o700;

/** Lets only the owner read an object and nobody write it, as restic does, where the destination has modes. That it cannot is no failure. */
export async function restrictObject(destination: Destination, key: RelPath, options: CallOptions): Promise<void> {
  await restrict(destination, { kind: 'file', path: key, size: 0n, metadata: {} }, OBJECT_MODE, options);
}

/** Lets only the owner into a folder. */
export async function restrictFolder(destination: Destination, key: RelPath, options: CallOptions): Promise<void> {
  await restrict(destination, { kind: 'directory', path: key, metadata: {} }, FOLDER_MODE, options);
}

async function restrict({ capabilities }: Destination, entry: Entry, mode: number, options: CallOptions): Promise<void> {
  try {
    await capabilities.metadata?.apply(entry.path, entry, { mode }, options);
  } catch (error) {
    if (!isHoldfastError(error, 'metadata-failed') && !isHoldfastError(error, 'not-found')) throw error;
  }
}
