import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageFolders, projectFolder } from './build-packages.ts';
import { type PackageManifest, readManifest, withBundled, withoutSources } from './package-manifest.ts';

/**
 * Makes a tarball of every package in `target` from their built dist folders. The one of the program holds the others inside, because
 * a person installs that one alone. Works on copies in a temporary folder, which is removed however it ends.
 * @returns the paths of the tarballs
 */
export function packPackages(target: string): string[] {
  mkdirSync(target, { recursive: true });
  const staging = mkdtempSync(join(tmpdir(), 'holdfast-pack-'));
  try {
    return packageFolders.map((folder) => {
      const stage = join(staging, folder);
      stagePackage(folder, stage);
      const printed = execFileSync('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', target], {
        cwd: stage,
        encoding: 'utf8',
      });
      const [packed] = JSON.parse(printed) as { filename: string }[];
      if (packed === undefined) throw new Error(`npm pack made no tarball of ${folder}.`);
      return join(target, packed.filename);
    });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function stagePackage(folder: string, stage: string): void {
  const manifest = withoutSources(readManifest(join(projectFolder, folder)));
  copyShipped(folder, stage);
  if (folder !== 'cli') {
    writeManifest(stage, manifest);
    return;
  }
  const parts = packageFolders.filter((other) => other !== 'cli');
  const bundled = parts.map((part) => withoutSources(readManifest(join(projectFolder, part))));
  for (const [index, part] of parts.entries()) {
    const { dependencies: _carried, ...inside } = bundled[index] as PackageManifest;
    copyShipped(part, join(stage, 'node_modules', inside.name));
    writeManifest(join(stage, 'node_modules', inside.name), inside);
  }
  writeManifest(stage, withBundled(manifest, bundled));
}

function copyShipped(folder: string, stage: string): void {
  const from = join(projectFolder, folder);
  if (!existsSync(join(from, 'dist'))) throw new Error(`${folder} is not built. Run: npm run build`);
  for (const part of ['dist', 'bin', 'README.md']) {
    if (existsSync(join(from, part))) cpSync(join(from, part), join(stage, part), { recursive: true });
  }
  cpSync(join(projectFolder, 'LICENSE'), join(stage, 'LICENSE'));
}

function writeManifest(stage: string, manifest: PackageManifest): void {
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
