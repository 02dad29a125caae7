import { main } from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const chunkerFolder = join(import.meta.dirname, '../../core/src/layouts/repository/chunker');
const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory'];

/** The generated module, which is part of the sources: nobody needs a compiler to run Holdfast from a checkout. */
export const rabinModulePath = join(chunkerFolder, 'rabin-module.ts');

/** The text of rabin-module.ts as rabin.as gives it. Throws an Error with what the compiler says. */
export async function renderRabinModule(): Promise<string> {
  // The compiler reads files that end in .ts only, and those that are its own no other tool should take for ours.
  const source = readFileSync(join(chunkerFolder, 'rabin.as'), 'utf8');
  let compiled: Uint8Array = new Uint8Array(0);
  const { error } = await main(['rabin.ts', '--outFile', 'rabin.wasm', ...options], {
    readFile: (name) => (name === 'rabin.ts' ? source : null),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') compiled = contents;
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`rabin.as does not compile: ${error.message}`);
  const lines =
    Buffer.from(compiled)
      .toString('base64')
      .match(/.{1,120}/g) ?? [];
  return [
    '/** rabin.as in WebAssembly, base64. Made by `npm run generate:chunker`; a test compares it with its source. */',
    'export const rabinModule =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};\n`,
  ].join('\n');
}
