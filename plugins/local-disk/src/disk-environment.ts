import type { WorkerPool } from './workers/worker-pool.ts';

/** What a local destination is given by who opens it. */
export interface DiskEnvironment {
  readonly pool: WorkerPool;
  /** Milliseconds, for deciding how long to gather what is synced together. */
  readonly nowMs: () => number;
}
