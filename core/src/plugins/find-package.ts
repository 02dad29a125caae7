import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HoldfastError } from '../errors/holdfast-error.ts';

/**
 * The folder of an installed package: the nearest `node_modules/NAME` at or above one of the `bases` (absolute folders), tried in
 * their order. Links are resolved. Rejects with `plugin-missing`, and with `config-invalid` for what is no package's name.
 */
export async function findPackage(name: string, bases: readonly string[]): Promise<string> {
  // https://docs.npmjs.com/cli/configuring-npm/package-json#name; also keeps a name from leading out of node_modules.
  if (!/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i.test(name)) {
    throw new HoldfastError('config-invalid', `"${name}" is not the name of an npm package.`);
  }
  for (const base of bases) {
    for (const folder of foldersUpFrom(base)) {
      const candidate = join(folder, 'node_modules', name);
      if (await isFile(join(candidate, 'package.json'))) return realpath(candidate);
    }
  }
  throw new HoldfastError('plugin-missing', `The plugin "${name}" is not installed (looked from ${bases.join(', ')}).`, {
    hint: `Install it with \`npm i ${name}\`, then \`holdfast plugin add ${name}\`; or take it out with \`holdfast plugin remove ${name}\`.`,
  });
}

function foldersUpFrom(base: string): string[] {
  const above = dirname(base);
  return above === base ? [base] : [base, ...foldersUpFrom(above)];
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
