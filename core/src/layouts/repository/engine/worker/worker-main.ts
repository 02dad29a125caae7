import { parentPort, workerData } from 'node:worker_threads';
import type { ToWorker, WorkerSettings } from '../protocol.ts';
import { BlobWorker } from './blob-worker.ts';

/** The program of one of the engine's threads. */
const port = parentPort;
if (port === null) throw new Error('worker-main runs in a worker thread only.');

const worker = new BlobWorker(workerData as WorkerSettings, (message, transfer = []) => port.postMessage(message, transfer));
port.on('message', (message: ToWorker) => worker.receive(message));
