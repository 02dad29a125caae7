import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { baseName, isWithin } from '../paths/rel-path.ts';
import type { MemoryNode, MemorySlot, MemoryStore } from './memory-store.ts';

export function moveInMemory(store: MemoryStore): NonNullable<DestinationCapabilities['move']> {
  return async (from, to, { signal }) => {
    signal?.throwIfAborted();
    moveNode(store, from, to);
  };
}

export function copyInMemory(store: MemoryStore): NonNullable<DestinationCapabilities['copy']> {
  return async (from, to, { signal }) => {
    signal?.throwIfAborted();
    const node = store.require(from);
    if (node.kind === 'directory')
      throw new HoldfastError('is-directory', `Cannot copy "${from}": it is a directory.`, { path: from });
    checkTarget(store, node, to);
    store.checkRoom(node.bytes.storedBytes);
    const { target, device, sectorSize } = node;
    store.publish(
      store.place(to),
      store.makeNode(node.kind, node.metadata, { bytes: node.bytes.fork(), target, device, sectorSize }),
    );
  };
}

/** Renames in one step, with everything below; replaces what `to` held. */
export function moveNode(store: MemoryStore, from: RelPath, to: RelPath): void {
  const node = store.require(from);
  if (from === to) return;
  if (from === '' || (isWithin(to, from) && store.hasDirectories)) {
    throw new HoldfastError('write-failed', `Cannot move "${from}" into itself.`, { path: from });
  }
  checkTarget(store, node, to);
  const target = store.place(to);
  const source = store.tree.find(from) as MemorySlot;
  store.checkUnprotected(source);
  if (target === source) {
    target.name = store.storedName(baseName(to));
    return;
  }
  store.publish(target, node);
  node.ctimeNs = store.tickNs();
  if (store.hasDirectories) adopt(source, target);
  store.tree.clear(source);
}

/** What is below a directory goes along with it. */
function adopt(source: MemorySlot, target: MemorySlot): void {
  for (const [name, child] of source.children) {
    child.parent = target;
    target.children.set(name, child);
  }
  source.children.clear();
}

/** Throws where `node` cannot take the place of what is at `to`, as rename(2) does. */
function checkTarget(store: MemoryStore, node: MemoryNode, to: RelPath): void {
  store.checkKey(to);
  const slot = store.tree.find(to);
  const held = slot?.value;
  if (held === undefined || !store.hasDirectories) return;
  const refuse = (code: 'is-directory' | 'not-a-directory', why: string): never => {
    throw new HoldfastError(code, `Cannot replace "${to}": ${why}.`, { path: to });
  };
  if (held.kind === 'directory' && node.kind !== 'directory') refuse('is-directory', 'it is a directory');
  if (held.kind !== 'directory' && node.kind === 'directory') refuse('not-a-directory', 'it is no directory');
  if ((slot?.children.size ?? 0) > 0) refuse('is-directory', 'the directory is not empty');
}
