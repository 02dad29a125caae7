import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { MemoryNode, MemoryStore } from './memory-store.ts';

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
