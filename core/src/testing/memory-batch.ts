import type { BatchCapability } from '../contracts/capabilities.ts';
import type {
  BatchOperation,
  BatchOptions,
  BatchResult,
  CompareOperation,
  InspectOperation,
  LinkOperation,
  MetadataOperation,
  MoveOperation,
  StoreOperation,
} from '../contracts/batch.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { packStat } from '../entries/pack-entry.ts';
import { STAT_BYTES } from '../entries/stat-record.ts';
import { toHoldfastError } from '../errors/holdfast-error.ts';
import { createDigest } from '../verification/digest.ts';
import { metadataOfStats, readLocalFile, readLocalLink, statLocalFile } from './local-file.ts';
import { entryOf } from './memory-entry.ts';
import { placeFree } from './memory-links.ts';
import { applyInMemory } from './memory-metadata.ts';
import { moveNode } from './memory-move.ts';
import type { MemoryNode, MemoryStore } from './memory-store.ts';
import { SparseBytes } from './sparse-bytes.ts';

type Outcome = Omit<BatchResult, 'id' | 'error'>;

/** Batches over local files as Node's `fs` sees them: no xattrs, no flags. */
export function batchInMemory(store: MemoryStore): BatchCapability {
  return {
    async *run(operations, options) {
      for await (const group of operations) {
        options.signal?.throwIfAborted();
        const results: BatchResult[] = [];
        for (const operation of group) results.push(await answer(store, operation, options));
        options.signal?.throwIfAborted();
        yield results;
      }
    },
  };
}

async function answer(store: MemoryStore, operation: BatchOperation, options: BatchOptions): Promise<BatchResult> {
  try {
    return { id: operation.id, ...(await carryOut(store, operation, options)) };
  } catch (error) {
    const { code, message, hint } = toHoldfastError(error);
    return { id: operation.id, error: { code, message, hint } };
  }
}

async function carryOut(store: MemoryStore, operation: BatchOperation, options: BatchOptions): Promise<Outcome> {
  switch (operation.op) {
    case 'store':
      return storeLocal(store, operation, options);
    case 'link':
      return link(store, operation);
    case 'metadata':
      return applyLocal(store, operation, options);
    case 'move':
      return move(store, operation);
    case 'remove':
      return remove(store, operation.key);
    case 'compare':
      return compare(store, operation);
    case 'inspect':
      return inspect(store, operation);
    default:
      return operation satisfies never;
  }
}

async function storeLocal(
  store: MemoryStore,
  { key, entry, local, displaceTo }: StoreOperation,
  options: BatchOptions,
): Promise<Outcome> {
  const stats = statLocalFile(local);
  const bytes = entry.kind === 'file' ? readLocalFile(local) : new SparseBytes();
  await options.takeBytes?.(Number(bytes.size));
  store.checkKey(key);
  store.checkRoom(bytes.storedBytes);
  const held = store.tree.get(key);
  if (entry.kind === 'directory' && held?.kind === 'directory') return { stat: statOf(store, key, held), displaced: false };
  const displaced = clearWay(store, key, displaceTo, entry.kind);
  const target = entry.kind === 'symlink' ? readLocalLink(local) : '';
  const device = 'device' in entry ? entry.device : 0n;
  const node = store.makeNode(entry.kind, { mode: 0o755, uid: 0, gid: 0 }, { bytes, target, device });
  const given = entry.kind === 'directory' ? {} : metadataOfStats(stats, options.preserve.owner);
  const notKept = applyInMemory(store, node, given);
  store.publish(store.place(key), node);
  const running = options.digest === undefined || entry.kind !== 'file' ? undefined : createDigest(options.digest);
  for (const piece of bytes.read()) running?.update(piece);
  return {
    stat: statOf(store, key, node),
    ...(running === undefined ? {} : { digest: running.digest() }),
    method: entry.kind === 'file' ? 'read-write' : 'none',
    bytesRead: bytes.size,
    bytesWritten: bytes.size,
    displaced,
    ...(notKept.length === 0 ? {} : { notKept }),
  };
}

/** Puts what `key` holds out of the way; answers whether it went to `displaceTo`. */
function clearWay(store: MemoryStore, key: RelPath, displaceTo: RelPath | undefined, kind?: string): boolean {
  const slot = store.tree.find(key);
  if (slot?.value === undefined) return false;
  if (displaceTo !== undefined) moveNode(store, key, displaceTo);
  else if (slot.value.kind === 'directory' || kind === 'directory') remove(store, key);
  return displaceTo !== undefined;
}

function link(store: MemoryStore, { key, existing, displaceTo }: LinkOperation): Outcome {
  const node = store.require(existing);
  if (store.tree.get(key) === node) return { stat: statOf(store, key, node), displaced: false };
  const displaced = clearWay(store, key, displaceTo);
  if (!displaced) remove(store, key);
  placeFree(store, key).value = node;
  node.nlink++;
  node.ctimeNs = store.tickNs();
  return { stat: statOf(store, key, node), method: 'none', displaced };
}

function applyLocal(store: MemoryStore, { key, local }: MetadataOperation, options: BatchOptions): Outcome {
  const node = store.require(key);
  const lost = applyInMemory(store, node, metadataOfStats(statLocalFile(local), options.preserve.owner));
  return { stat: statOf(store, key, node), ...(lost.length === 0 ? {} : { notKept: lost }) };
}

function move(store: MemoryStore, { key, to, displaceTo }: MoveOperation): Outcome {
  const node = store.require(key);
  const displaced = displaceTo !== undefined && clearWay(store, to, displaceTo);
  moveNode(store, key, to);
  return { stat: statOf(store, to, node), displaced };
}

function remove(store: MemoryStore, key: RelPath): Outcome {
  store.removeSlot(key);
  return {};
}

function compare(store: MemoryStore, { key, entry, local, what }: CompareOperation): Outcome {
  const node = store.require(key);
  const stat = statOf(store, key, node);
  if (what === 'metadata') return { stat, equal: true };
  if (node.kind !== entry.kind) return { stat, equal: false };
  if (node.kind === 'symlink') return { stat, equal: readLocalLink(local) === node.target };
  if (node.kind !== 'file') return { stat, equal: true };
  const bytes = readLocalFile(local);
  return { stat, equal: Buffer.concat([...bytes.read()]).equals(Buffer.concat([...node.bytes.read()])), bytesRead: bytes.size };
}

function inspect(store: MemoryStore, { key, digest }: InspectOperation): Outcome {
  const node = store.require(key);
  const stat = statOf(store, key, node);
  if (digest === undefined || node.kind !== 'file') return { stat };
  const running = createDigest(digest);
  for (const piece of node.bytes.read()) running.update(piece);
  return { stat, digest: running.digest(), readFrom: 'cache' };
}

function statOf(store: MemoryStore, key: RelPath, node: MemoryNode): Uint8Array {
  const bytes = new Uint8Array(STAT_BYTES);
  packStat(entryOf(store, key, node), new DataView(bytes.buffer), 0);
  return bytes;
}
