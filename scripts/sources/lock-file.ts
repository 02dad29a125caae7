import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** One line for each fault of package-lock.json: packages of other platforms that are missing, places to download from. */
export function checkLockFile(folder: string): string[] {
  const text = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, LockedPackage>> };
  const locked = Object.entries(packages);
  const names = new Set(locked.map(([place]) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  const faults: string[] = [];
  for (const [place, { resolved, optionalDependencies = {} }] of locked) {
    if (resolved?.includes('://') === true) faults.push(`package-lock.json: ${place} names where it comes from (lock-places)`);
    for (const name of Object.keys(optionalDependencies)) {
      if (!names.has(name)) faults.push(`package-lock.json: ${name} is missing. Run: npm run lock (lock-complete)`);
    }
  }
  return faults;
}
