/** `npm run pack [FOLDER]`: builds all packages and leaves their tarballs in FOLDER (default: dist). */
import { resolve } from 'node:path';
import { buildPackages, projectFolder } from './packages/build-packages.ts';
import { packPackages } from './packages/pack-packages.ts';

const target = resolve(process.argv[2] ?? `${projectFolder}/dist`);
buildPackages();
for (const tarball of packPackages(target)) console.log(tarball);
