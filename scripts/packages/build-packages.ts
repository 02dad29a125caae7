import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const projectFolder = join(import.meta.dirname, '..', '..');

/** Folders of the packages that ship, each after those it imports. */
export const packageFolders: readonly string[] = [
  'core',
  ...readdirSync(join(projectFolder, 'plugins')).map((name) => `plugins/${name}`),
  'cli',
];

/**
 * Compiles src to dist in every package: JavaScript for Node and declarations for those who import it.
 * Prints what the compiler says; throws an Error for the first package that does not compile.
 */
export function buildPackages(): void {
  const compiler = join(projectFolder, 'node_modules/typescript/bin/tsc');
  for (const folder of packageFolders) rmSync(join(projectFolder, folder, 'dist'), { recursive: true, force: true });
  for (const folder of packageFolders) {
    const cwd = join(projectFolder, folder);
    const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd, stdio: 'inherit' });
    if (status !== 0) throw new Error(`${folder} does not compile.`);
    finishSpecifiers(join(cwd, 'dist'));
  }
}

/** tsc turns `.ts` into `.js` in the imports of JavaScript only: not in declarations, and not where a worker is named by URL. */
function finishSpecifiers(dist: string): void {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const pattern = file.endsWith('.d.ts')
      ? /((?:from|import\()\s*['"]\.[^'"]*)\.ts(['"])/g
      : /(new URL\(\s*['"]\.[^'"]*)\.ts(['"],\s*import\.meta\.url)/g;
    const text = readFileSync(file, 'utf8');
    const finished = text.replace(pattern, '$1.js$2');
    if (finished !== text) writeFileSync(file, finished);
  }
}
