import { WorkerPool } from '../../workers/worker-pool.ts';
import { cloneByBatch } from './clone-by-batch.ts';

/** `clone-program.ts FROM TO`: a process of its own, to be killed. */
const [from = '', to = ''] = process.argv.slice(2);
await using pool = new WorkerPool(2);
const { failures } = await cloneByBatch(from, to, pool);
process.exitCode = failures.size === 0 ? 0 : 1;
