import fc from 'fast-check';
import { parseRelPath } from '../../paths/rel-path.ts';
import type { MemorySource } from '../../testing/memory-source.ts';
import type { TreeItem } from '../../testing/tree-description.ts';

/** A change to a tree, as plain data so that a failure can be shortened and replayed. */
export type Edit =
  | { readonly what: 'put'; readonly path: string; readonly item: TreeItem }
  | { readonly what: 'delete'; readonly path: string }
  | { readonly what: 'link' | 'move'; readonly path: string; readonly from: string };

const path = fc.constantFrom('a', 'b', 'a-b', 'd', 'd/x', 'd/y', 'd/e/z', 'e', 'e/a', 'f');
const item: fc.Arbitrary<TreeItem> = fc.oneof(
  fc.record({
    kind: fc.constant('file' as const),
    content: fc.constantFrom('', 'one', 'two', 'three'),
    mode: fc.constantFrom(0o644, 0o600),
    mtimeNs: fc.bigInt(1n, 3n),
  }),
  fc.record({ kind: fc.constant('symlink' as const), target: fc.constantFrom('a', '../x', '/nowhere') }),
  fc.record({ kind: fc.constant('fifo' as const) }),
  fc.record({ kind: fc.constant('directory' as const), mode: fc.constantFrom(0o755, 0o700) }),
);

/** Puts, deletes, hard links and moves over a few paths that collide in every way: files where directories were, siblings like "a" and "a-b". */
export const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ what: fc.constant('put' as const), path, item }),
  fc.record({ what: fc.constant('delete' as const), path }),
  fc.record({ what: fc.constantFrom('link' as const, 'move' as const), path, from: path }),
);

/** Applies an edit; one that makes no sense on this tree changes nothing. */
export function applyEdit(source: MemorySource, edit: Edit): void {
  try {
    if (edit.what === 'put') {
      source.delete(edit.path);
      source.put(edit.path, edit.item);
    } else if (edit.what === 'delete') source.delete(edit.path);
    else if (source.store.tree.find(parseRelPath(edit.from))?.value?.kind === 'file' && edit.from !== edit.path) {
      source.put(edit.path, { kind: 'hard-link', existing: edit.from });
      if (edit.what === 'move') source.delete(edit.from);
    }
  } catch {
    // A file where a directory should be, a directory in the way: no edit.
  }
}
