import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listProjectFiles } from './project-files.ts';

/** A copy of the project to try things in, gone when it is disposed of. */
export interface ProjectCopy extends Disposable {
  readonly folder: string;
}

/**
 * Copies the sources as they are, added to git or not, with their node_modules (as hard links where that is possible: do not write
 * into those). Links between our own packages lead to the copy.
 */
export function copyProject(project: string): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-copy-'));
  for (const path of listProjectFiles(project)) cpSync(join(project, path), join(folder, path));
  for (const modules of globSync(['node_modules', '{core,cli,test}/node_modules', 'plugins/*/node_modules'], { cwd: project })) {
    copyModules(join(project, modules), join(folder, modules));
  }
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

function copyModules(from: string, to: string): void {
  try {
    execFileSync('cp', ['--archive', '--link', from, to], { stdio: 'ignore' });
  } catch {
    rmSync(to, { recursive: true, force: true });
    execFileSync('cp', ['--archive', from, to]);
  }
}
