import type { CallOptions } from '../../../../contracts/call-options.ts';
import { type HoldfastError, isHoldfastError } from '../../../../errors/holdfast-error.ts';
import { damaged } from '../../format/damaged.ts';
import { formatId } from '../../format/object-id.ts';
import { openBlob } from '../../format/pack/open-blob.ts';
import type { BlobLocation } from '../../index/blob-index.ts';
import { mapParallel } from '../map-parallel.ts';
import type { RepositoryObjects } from '../repository-objects.ts';
import { type BlobRequest, type LocatedRequest, type PackRange, planReads } from './plan-reads.ts';
import { readPackRange } from './read-pack-range.ts';

export type { BlobRequest } from './plan-reads.ts';

/** The answer to a request: the proved plaintext, or why there is none. */
export type BlobRead<Request extends BlobRequest> =
  | { readonly request: Request; readonly bytes: Uint8Array; readonly error?: never }
  | { readonly request: Request; readonly bytes?: never; readonly error: HoldfastError };

/** See `Repository.readBlobs`. */
export async function* readBlobs<Request extends BlobRequest>(
  repository: RepositoryObjects,
  requests: Iterable<Request>,
  { signal }: CallOptions,
): AsyncGenerator<BlobRead<Request>, void> {
  const located: LocatedRequest<Request>[] = [];
  const missing: Request[] = [];
  for (const request of requests) {
    const place = repository.index.locate(request.type, request.id) ?? repository.retiring.locate(request.type, request.id);
    if (place === undefined) missing.push(request);
    else located.push({ request, place });
  }
  for (const request of missing) yield { request, error: inNoPack(request) };
  const { concurrency } = repository.objects;
  for await (const { range, bytes } of mapParallel(planReads(located), concurrency, (each) => readRange(repository, each))) {
    for (const blob of range.blobs) {
      signal?.throwIfAborted();
      yield await openLocated(repository, range, bytes, blob);
    }
  }
}

/** One blob. Rejects with `state-damaged` where no pack has it whole. */
export async function readBlob(repository: RepositoryObjects, request: BlobRequest): Promise<Uint8Array> {
  const places = placesOf(repository, request);
  let first: HoldfastError | undefined;
  for (const place of places) {
    try {
      return await readPlace(repository, request, place);
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      if (error.code !== 'state-damaged' && places.length === 1) throw error;
      first ??= error;
    }
  }
  throw first ?? inNoPack(request);
}

interface ReadRange<Request extends BlobRequest> {
  readonly range: PackRange<Request>;
  /** Undefined where it cannot be read as a whole: its blobs are tried one by one. */
  readonly bytes: Uint8Array | undefined;
}

async function readRange<Request extends BlobRequest>(
  repository: RepositoryObjects,
  range: PackRange<Request>,
): Promise<ReadRange<Request>> {
  try {
    const isTree = range.blobs.every(({ request }) => request.type === 'tree');
    return { range, bytes: await readPackRange(repository.objects, range, isTree) };
  } catch (error) {
    if (!isHoldfastError(error) || error.code === 'fenced' || error.code === 'interrupted') throw error;
    return { range, bytes: undefined };
  }
}

/** By what was read; where that is damaged, read again alone and from every pack that has it. */
async function openLocated<Request extends BlobRequest>(
  repository: RepositoryObjects,
  range: PackRange<Request>,
  bytes: Uint8Array | undefined,
  { request, place }: LocatedRequest<Request>,
): Promise<BlobRead<Request>> {
  const start = place.offset - range.offset;
  if (bytes !== undefined && start + place.length <= bytes.length) {
    try {
      const sealed = bytes.subarray(start, start + place.length);
      return { request, bytes: openBlob(repository.sealer, sealed, { ...place, id: request.id }) };
    } catch (error) {
      if (!isHoldfastError(error, 'state-damaged')) throw error;
    }
  }
  try {
    return { request, bytes: await readBlob(repository, request) };
  } catch (error) {
    if (!isHoldfastError(error) || error.code === 'fenced' || error.code === 'interrupted') throw error;
    return { request, error };
  }
}

async function readPlace(
  { objects, sealer }: RepositoryObjects,
  { type, id }: BlobRequest,
  place: BlobLocation,
): Promise<Uint8Array> {
  const packId = formatId(place.packId);
  const range = { packId, offset: place.offset, length: place.length };
  const open = (sealed: Uint8Array): Uint8Array => {
    if (sealed.length < place.length) throw damaged(`Pack ${packId} is damaged: it ends too early.`);
    return openBlob(sealer, sealed, { ...place, id });
  };
  try {
    return open(await readPackRange(objects, range, type === 'tree'));
  } catch (error) {
    if (!isHoldfastError(error, 'state-damaged')) throw error;
    // What is kept on this machine may be what is damaged.
    await objects.cache?.remove('pack', packId);
    try {
      return open(await objects.readPack(packId, place.offset, place.length));
    } catch (again) {
      throw inPack(packId, again);
    }
  }
}

function placesOf({ index, retiring }: RepositoryObjects, { type, id }: BlobRequest): BlobLocation[] {
  return [...index.locateAll(type, id), ...retiring.locateAll(type, id)];
}

function inPack(packId: string, error: unknown): unknown {
  if (!isHoldfastError(error, 'state-damaged') || error.message.includes(packId.slice(0, 12))) return error;
  return damaged(`${error.message.replace(/\.$/, '')} (in pack ${packId}).`, error);
}

function inNoPack({ type, id }: BlobRequest): HoldfastError {
  return damaged(`The ${type} blob ${formatId(id)} is missing: no index names a pack that has it.`);
}
