/** `npm run generate:chunker`: compiles the chunker's WebAssembly into a module of the sources. */
import { writeFileSync } from 'node:fs';
import { rabinModulePath, renderRabinModule } from './chunker/compile-chunker.ts';

writeFileSync(rabinModulePath, await renderRabinModule());
