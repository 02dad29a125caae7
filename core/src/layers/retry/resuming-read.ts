import type { Destination, ObjectInfo, ReadOptions } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { RetriedCall, Retrier } from './retrier.ts';

/** Ranges up to this many bytes are read as a whole before any of it is handed on, so that a broken one is simply read again. */
const COLLECTED_BYTES = 4n << 20n;

/**
 * Reads an object, and goes on where the connection broke, as long as the object is the same: its version before the first byte is
 * the one found when going on, else `source-changed`. A stream that ends before the object does is a broken connection too.
 */
export function resumingRead(
  inner: Destination,
  key: RelPath,
  options: ReadOptions,
  retrier: Retrier,
): AsyncIterable<Uint8Array> {
  const { range, signal } = options;
  const call: RetriedCall = { name: 'read', key, signal };
  return range !== undefined && range.length <= COLLECTED_BYTES
    ? collectedRead(inner, options, retrier, call)
    : longRead({ inner, options, retrier, call });
}

async function* collectedRead(
  inner: Destination,
  options: ReadOptions,
  retrier: Retrier,
  call: RetriedCall,
): AsyncGenerator<Uint8Array> {
  yield* await retrier.run(call, () => Array.fromAsync(inner.read(call.key, options)));
}

interface LongRead {
  readonly inner: Destination;
  readonly options: ReadOptions;
  readonly retrier: Retrier;
  readonly call: RetriedCall;
}

async function* longRead(read: LongRead): AsyncGenerator<Uint8Array> {
  const { options, retrier, call } = read;
  const begin = options.range?.offset ?? 0n;
  let version = await look(read);
  let position = begin;
  for (let tries = 1; ; tries++) {
    try {
      for await (const chunk of openAt(read, position, version)) {
        yield chunk;
        position += BigInt(chunk.length);
        tries = 0;
      }
      checkEnd(read, position, version);
      retrier.options.budget.earn();
      return;
    } catch (error) {
      if (position > begin && identityOf(version) === undefined) throw error;
      await retrier.waitFor(call, error, Math.max(1, tries));
      const now = await look(read);
      if (position > begin && identityOf(now) !== identityOf(version)) throw changed(read, error);
      version = now;
    }
  }
}

function look({ inner, options, retrier, call }: LongRead): Promise<ObjectInfo | undefined> {
  const { signal } = options;
  return retrier.run(call, () => inner.stat(call.key, signal === undefined ? {} : { signal }));
}

function openAt(
  { inner, options, call }: LongRead,
  position: bigint,
  version: ObjectInfo | undefined,
): AsyncIterable<Uint8Array> {
  const begin = options.range?.offset ?? 0n;
  if (position === begin) return inner.read(call.key, options);
  const length = endOf(options, version) - position;
  if (length <= 0n) return nothing();
  return inner.read(call.key, { ...options, range: { offset: position, length } });
}

/** Where a read of the object ends. */
function endOf({ range }: ReadOptions, version: ObjectInfo | undefined): bigint {
  const size = version?.size ?? 0n;
  const asked = range === undefined ? size : range.offset + range.length;
  return asked < size ? asked : size;
}

function checkEnd({ options, call }: LongRead, position: bigint, version: ObjectInfo | undefined): void {
  const end = endOf(options, version);
  if (position >= end || (version?.kind !== 'file' && version?.kind !== 'image')) return;
  throw new HoldfastError('connection-lost', `Reading "${call.key}" ended at byte ${position} of ${end}.`, { path: call.key });
}

/** The same identity means the same bytes; undefined where the destination gives none. */
function identityOf(info: ObjectInfo | undefined): string | undefined {
  if (info === undefined) return undefined;
  if (info.version !== undefined) return info.version;
  return info.mtimeNs === undefined ? undefined : `${info.size} ${info.mtimeNs}`;
}

function changed({ call }: LongRead, cause: unknown): HoldfastError {
  const message = `"${call.key}" changed at the destination while it was read, after the connection broke.`;
  return new HoldfastError('source-changed', message, { path: call.key, cause });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
