import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What this project uses of a package.json. */
export interface PackageManifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
  bundleDependencies?: string[];
  exports?: Record<string, string | Record<string, string>>;
}

export function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
}

/** A manifest as it ships: without the way to the sources, which stay behind. */
export function withoutSources(manifest: PackageManifest): PackageManifest {
  const exports: NonNullable<PackageManifest['exports']> = {};
  for (const [name, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string') {
      exports[name] = target;
    } else {
      const { 'holdfast-source': _source, ...shipped } = target;
      exports[name] = shipped;
    }
  }
  return { ...manifest, exports };
}

/**
 * A manifest that carries `bundled` inside its package, and asks the registry for everything that those need from there. They must
 * not ask themselves: npm takes what a bundled package needs for bundled too, and does not fetch it.
 * Throws an Error when two of them ask for different versions of one package.
 */
export function withBundled(manifest: PackageManifest, bundled: readonly PackageManifest[]): PackageManifest {
  const names = bundled.map((one) => one.name);
  const dependencies: Record<string, string> = {};
  for (const { name: owner, dependencies: wanted = {} } of [manifest, ...bundled]) {
    for (const [name, range] of Object.entries(wanted)) {
      const other = (dependencies[name] ??= range);
      if (other !== range) throw new Error(`${owner} asks for ${name} ${range}, another package for ${other}. Ask for the same.`);
    }
  }
  return { ...manifest, dependencies, bundleDependencies: names };
}
