/**
 * `npm run lock`: writes package-lock.json anew from the manifests. `npm install NAME` in a set-up tree leaves the packages of other
 * platforms out of it, and `npm ci` then refuses to work; so the lock file is made in a folder that has no node_modules.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolders, projectFolder } from './packages/build-packages.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-lock-'));
try {
  const manifests = ['.', ...packageFolders, 'test'].map((name) => join(name, 'package.json'));
  for (const file of ['.npmrc', ...manifests]) cpSync(join(projectFolder, file), join(folder, file));
  execFileSync('npm', ['install', '--package-lock-only'], { cwd: folder, stdio: 'inherit' });
  cpSync(join(folder, 'package-lock.json'), join(projectFolder, 'package-lock.json'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
