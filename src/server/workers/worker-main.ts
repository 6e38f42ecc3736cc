import { runWorker } from './run-worker.ts';

// The program of a worker process. The primary process of the pod starts it.

runWorker(process);
