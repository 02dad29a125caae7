import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where a local source stands in a version, as restic has it: an absolute path with all its names, `a/b` with these two, `../b` as `b`;
 * the contents of `/`, `.` and `..` stand at the top.
 */
export function placeSource(written: string): string[] {
  const top = isAbsolute(written) ? written : join('/', written);
  return resolve(top)
    .split('/')
    .filter((name) => name !== '');
}
