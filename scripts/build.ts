/** `npm run build`: dist folders of all packages. */
import { buildPackages } from './packages/build-packages.ts';

buildPackages();
