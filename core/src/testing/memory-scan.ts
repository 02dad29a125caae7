import type { Entry } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { ScanOptions } from '../contracts/source.ts';
import { joinPath, rootPath } from '../paths/rel-path.ts';
import { compileSelection } from '../selection/compile-selection.ts';
import { entryOf } from './memory-entry.ts';
import type { MemorySlot, MemoryStore } from './memory-store.ts';

const TEMPORARY = '.holdfast-tmp-';

/** What is at and below `start`, as far as a selection includes it, in tree order. */
export function* scanMemory(
  store: MemoryStore,
  start: MemorySlot,
  { selection, onExclude, onLeftover }: ScanOptions,
): Generator<Entry> {
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
    if (!selection.includeState && isState(slot, parent === start)) {
      if (slot.name.startsWith(TEMPORARY)) onLeftover?.(path);
      out.add(slot);
      continue;
    }
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

/** Temporary names, and the `.holdfast` of a mirror: that of the scan's root, or one with a mirror's record in it. */
function isState({ name, children }: MemorySlot, atRoot: boolean): boolean {
  return name.startsWith(TEMPORARY) || (name === '.holdfast' && (atRoot || children.has('mirror.json')));
}
