import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface SourceFile {
  /** Relative to the top of the project, `/`-separated. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** Every text file of the project: what git tracks, and what it would if it were added. */
export function readSourceFiles(folder: string): SourceFile[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const files: SourceFile[] = [];
  for (const path of listing.split('\0')) {
    const text = path === '' ? undefined : readText(`${folder}/${path}`);
    if (text !== undefined) files.push({ path, lines: text.replace(/\n$/, '').split('\n') });
  }
  return files;
}

/** Undefined for what is gone, a link, or not text. */
function readText(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.includes(0) ? undefined : bytes.toString('utf8');
  } catch {
    return undefined;
  }
}
