import { Worker } from 'node:worker_threads';
import type { SeedInput, SeedResult } from './seed-run.ts';

/** Runs many seeds on several worker threads, in any order; stops early when `signal` aborts. */
export async function runInWorkers(
  inputs: Iterable<SeedInput>,
  workers: number,
  options: { readonly done: (result: SeedResult) => void; readonly signal: AbortSignal },
): Promise<void> {
  const left = inputs[Symbol.iterator]();
  await Promise.all(Array.from({ length: workers }, () => runWorker(left, options)));
}

async function runWorker(
  left: Iterator<SeedInput>,
  { done, signal }: { readonly done: (result: SeedResult) => void; readonly signal: AbortSignal },
): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  try {
    await new Promise<void>((resolve, reject) => {
      const next = (): void => {
        const input = signal.aborted ? { done: true as const } : left.next();
        if (input.done === true) resolve();
        else worker.postMessage(input.value);
      };
      worker.on('message', (result: SeedResult) => {
        if (signal.aborted) return;
        done(result);
        next();
      });
      worker.on('error', reject);
      signal.addEventListener('abort', () => resolve(), { once: true });
      next();
    });
  } finally {
    await worker.terminate();
  }
}
