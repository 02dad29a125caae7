import type { DirectoryCapability } from '../contracts/capabilities.ts';
import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { ScanOptions } from '../contracts/source.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { joinPath, rootPath } from '../paths/rel-path.ts';
import { compileSelection } from '../selection/compile-selection.ts';
import type { MemoryNode, MemorySlot, MemoryStore } from './memory-store.ts';

const BATCH = 1000;

export function directoriesOfMemory(store: MemoryStore): DirectoryCapability {
  return {
    async create(key, { signal }) {
      signal?.throwIfAborted();
      store.checkKey(key);
      const slot = store.place(key);
      slot.value ??= store.makeNode('directory', { mode: 0o755, uid: 0, gid: 0 });
      if (slot.value.kind === 'directory') return;
      throw new HoldfastError('not-a-directory', `Cannot make the directory "${key}": a ${slot.value.kind} is there.`, {
        path: key,
      });
    },
    async *scan(root, options) {
      options.signal?.throwIfAborted();
      const start = store.tree.find(root);
      if (start?.value === undefined) throw new HoldfastError('not-found', `There is no "${root}" in memory.`, { path: root });
      let batch: Entry[] = [];
      for (const entry of select(store, start, options)) {
        if (batch.push(entry) < BATCH) continue;
        yield batch;
        options.signal?.throwIfAborted();
        batch = [];
      }
      if (batch.length > 0) yield batch;
    },
  };
}

function* select(store: MemoryStore, start: MemorySlot, { selection, onExclude }: ScanOptions): Generator<Entry> {
  const compiled = compileSelection(selection);
  const out = new Set<MemorySlot>();
  const paths = new Map<MemorySlot, RelPath>([[start, rootPath]]);
  let leading: Entry[] = [];
  if (start.value !== undefined) yield entryOf(store, rootPath, start.value);
  for (const slot of store.tree.below(start, true)) {
    const parent = slot.parent;
    if (slot.value === undefined || parent === undefined || out.has(parent)) {
      out.add(slot);
      continue;
    }
    const path = joinPath(paths.get(parent) ?? rootPath, slot.name);
    paths.set(slot, path);
    const isDirectory = slot.value.kind === 'directory';
    const entry = entryOf(store, path, slot.value);
    const answer = compiled.decide(path, isDirectory);
    if (compiled.excludes(path, isDirectory, slot.value.kind === 'file' ? slot.value.bytes.size : undefined)) {
      out.add(slot);
      onExclude(1);
      continue;
    }
    leading = leading.filter((directory) => path.startsWith(`${directory.path}/`));
    if (answer === 'only-if-descendants') {
      leading.push(entry);
      continue;
    }
    yield* leading;
    leading = [];
    yield entry;
  }
}

/** What a node is as an entry; metadata as a listing gives it. */
export function entryOf(store: MemoryStore, path: RelPath, node: MemoryNode): Entry {
  const { mode, uid, gid, mtimeNs } = node.metadata;
  const metadata = {
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...(mtimeNs === undefined ? {} : { mtimeNs }),
  };
  const base = { path, metadata, identity: store.identityOf(node) };
  switch (node.kind) {
    case 'file':
      return { ...base, kind: node.kind, size: node.bytes.size };
    case 'image':
      return { ...base, kind: node.kind, size: node.bytes.size, sectorSize: node.sectorSize };
    case 'symlink':
      return { ...base, kind: node.kind, target: node.target };
    case 'char-device':
    case 'block-device':
      return { ...base, kind: node.kind, device: node.device };
    case 'directory':
    case 'fifo':
    case 'socket':
      return { ...base, kind: node.kind };
    default:
      return node.kind satisfies never;
  }
}
