import fc from 'fast-check';
import { inject } from 'vitest';

// Random tests take the same way every time, so that a change is judged by what it changes; `npm run test:full` looks for new ways.
if (inject('storm') === 'short') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20261123 });
