import { KIND_DIRECTORY, KIND_FILE, KIND_SYMLINK } from '../../../../entries/stat-record.ts';
import { SeededRandom } from '../../../../testing/seeded-random.ts';
import { type ModelRow, sortRows } from './model-row.ts';

/** Whole numbers below a limit that look like chance and are the same for the same seed. */
export function seededNumbers(seed: number): (limit: number) => number {
  const random = new SeededRandom(seed);
  return (limit) => random.below(limit);
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
