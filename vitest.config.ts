import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './scripts/closing-line-reporter.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** How long storms blow: `short` in `npm test`, `full` in `npm run test:full`. Read with `inject('storm')`. */
    storm: 'short' | 'full';
  }
}

// Tests run the sources: `exports` of our packages resolve through this condition, in vite, in Node and in worker threads.
const conditions = ['holdfast-source'];

export default defineConfig(({ mode }) => ({
  ssr: { resolve: { conditions: [...conditions, 'node', 'import', 'default'], externalConditions: conditions } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Processes, not threads: native code and the working directory belong to a process.
    pool: 'forks',
    execArgv: conditions.map((condition) => `--conditions=${condition}`),
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    setupFiles: ['scripts/seed-random-tests.ts'],
    restoreMocks: true,
    unstubEnvs: true,
    provide: { storm: mode === 'full' ? 'full' : 'short' },
    reporters: ['default', new ClosingLineReporter()],
  },
}));
