import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listProjectFiles } from '../project-files.ts';

export interface SourceFile {
  /** Relative to the top of the project, `/`-separated. */
  readonly path: string;
  readonly lines: readonly string[];
}

/** Every text file of the project. */
export function readSourceFiles(folder: string): SourceFile[] {
  const files: SourceFile[] = [];
  for (const path of listProjectFiles(folder)) {
    const text = readText(join(folder, path));
    if (text !== undefined) files.push({ path, lines: text.replace(/\n$/, '').split('\n') });
  }
  return files;
}

/** Undefined for what is no text. */
function readText(file: string): string | undefined {
  const bytes = readFileSync(file);
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}
