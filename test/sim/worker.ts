import { parentPort } from 'node:worker_threads';
import { playSeed } from './seed-run.ts';
import type { SeedInput } from './seed-run.ts';

/** A thread that plays the seeds it is sent, one after the other. */
parentPort?.on('message', (input: SeedInput) => {
  void playSeed(input).then((result) => parentPort?.postMessage(result));
});
