import type { Clock } from '../../ports/index.ts';

/** A worker that is busy for longer is not waited for. */
const WAIT_MS = 250;

/** Waits until several workers have answered one question. */
export interface Syncs {
  /** Asks these workers; resolves when each has answered or ended, or after {@link WAIT_MS}. */
  ask(workers: readonly number[], send: (worker: number, id: number) => void): Promise<void>;
  answered(id: number, worker: number): void;
  ended(worker: number): void;
}

export function createSyncs(clock: Clock): Syncs {
  const open = new Map<number, { readonly missing: Set<number>; readonly done: () => void }>();
  let last = 0;
  const answered = (id: number, worker: number): void => {
    const one = open.get(id);
    one?.missing.delete(worker);
    if (one?.missing.size === 0) one.done();
  };
  return {
    ask: async (workers, send) => {
      if (workers.length === 0) return;
      last += 1;
      const id = last;
      await new Promise<void>((resolve) => {
        const timer = clock.setTimer(WAIT_MS, resolve);
        const done = (): void => {
          timer.cancel();
          resolve();
        };
        open.set(id, { missing: new Set(workers), done });
        for (const worker of workers) send(worker, id);
      });
      open.delete(id);
    },
    answered,
    ended: (worker) => {
      for (const id of open.keys()) answered(id, worker);
    },
  };
}
