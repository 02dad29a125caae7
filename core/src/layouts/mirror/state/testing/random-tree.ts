import { KIND_DIRECTORY, KIND_FILE, KIND_SYMLINK } from '../../../../entries/stat-record.ts';
import { type ModelRow, sortRows } from './model-row.ts';

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function seededNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const names = ['a', 'a-b', 'a.txt', 'b', 'é', 'Z', 'x\udcff', '\u{1f600}', 'long'.repeat(40), '0', '~'];

/** A row that may stand at `path`. */
export function randomRow(path: string, kind: number, next: (below: number) => number): ModelRow {
  return {
    path,
    kind,
    seed: next(1_000_000),
    ...(kind === KIND_SYMLINK ? { target: `../to/${String(next(100))}` } : {}),
    ...(next(3) === 0 ? { extras: `extras ${String(next(1000))}` } : {}),
  };
}

/** A tree of about `size` rows in tree order, with its root. */
export function randomTree(size: number, next: (below: number) => number): ModelRow[] {
  const rows = new Map<string, ModelRow>([['', randomRow('', KIND_DIRECTORY, next)]]);
  const directories = [''];
  for (let i = 1; i < size; i++) {
    const parent = directories[next(directories.length)] ?? '';
    const name = `${names[next(names.length)] ?? 'n'}${next(2) === 0 ? '' : String(next(size))}`;
    const path = parent === '' ? name : `${parent}/${name}`;
    if (rows.has(path)) continue;
    const kind = [KIND_FILE, KIND_FILE, KIND_FILE, KIND_DIRECTORY, KIND_SYMLINK][next(5)] ?? KIND_FILE;
    rows.set(path, randomRow(path, kind, next));
    if (kind === KIND_DIRECTORY) directories.push(path);
  }
  return sortRows([...rows.values()]);
}
