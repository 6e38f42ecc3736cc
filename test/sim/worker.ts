import { parentPort } from 'node:worker_threads';
import { playSeed } from './seed-run.ts';
import type { SeedInput } from './seed-run.ts';

/** A worker thread that runs the seeds it receives, one after the other. */
parentPort?.on('message', (input: SeedInput) => {
  void playSeed(input).then((result) => parentPort?.postMessage(result));
});
