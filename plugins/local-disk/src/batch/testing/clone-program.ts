import { WorkerPool } from '../../workers/worker-pool.ts';
import { cloneByBatch } from './clone-by-batch.ts';

/** `clone-program.ts FROM TO`: a process of its own, to be killed, or run as another user. Prints what failed and what was not kept, as JSON. */
const [from = '', to = ''] = process.argv.slice(2);
await using pool = new WorkerPool(2);
const { failures, results } = await cloneByBatch(from, to, pool);
const notKept = [...results].flatMap(([key, result]) => (result.notKept === undefined ? [] : [[key, result.notKept]]));
process.stdout.write(JSON.stringify({ failures: Object.fromEntries(failures), notKept: Object.fromEntries(notKept) as unknown }));
