import type { CallOptions } from '../contracts/call-options.ts';
import type { Content } from '../contracts/content.ts';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { ByteSpool } from '../storage/byte-spool.ts';

/** What stands in a lock object: one line of JSON. */
export interface LockObject {
  /** Of this holding alone: another one of the same process has another. */
  readonly id: string;
  /** Who holds it, for people. */
  readonly holder: string;
  /** How often it was refreshed: whoever waits can tell by it that the holder lives. */
  readonly count: number;
}

/** Far above what a lock object comes to. */
const MOST_BYTES = 65_536;

/** The lock object at `key`; undefined where there is none. Whatever else stands there is somebody's lock too, with its text as id. */
export async function readLockObject(
  destination: Destination,
  key: RelPath,
  options: CallOptions,
): Promise<LockObject | undefined> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of destination.read(key, { ...options, range: { offset: 0n, length: BigInt(MOST_BYTES) } }))
      pieces.push(piece);
  } catch (error) {
    if (isHoldfastError(error, 'not-found')) return undefined;
    throw error;
  }
  return parseLockObject(Buffer.concat(pieces).toString());
}

function parseLockObject(text: string): LockObject {
  try {
    const { id, holder, count } = JSON.parse(text) as Partial<LockObject>;
    if (typeof id === 'string' && typeof holder === 'string' && typeof count === 'number') return { id, holder, count };
  } catch {
    // Not of this format.
  }
  return { id: text, holder: text.trim() || 'another process', count: 0 };
}

/** Uses `content` with the bytes of a lock object. */
export async function withLockContent<T>(lock: LockObject, use: (content: Content) => Promise<T>): Promise<T> {
  using spool = new ByteSpool('', Infinity);
  spool.append(Buffer.from(`${JSON.stringify(lock)}\n`));
  return await use(spool.content());
}
