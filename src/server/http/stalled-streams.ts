import type { ServerResponse } from 'node:http';

/** Longest time for which a client may read nothing while bytes wait for it. */
const STALL_MS = 60_000;
/** Checks per deadline. */
const CHECKS = 4;

export interface StalledStreams {
  /** Watches this answer until its connection is closed or the returned function is called. */
  watch(response: ServerResponse): () => void;
  stop(): void;
}

/**
 * Destroys the connections of streams whose clients do not read. Otherwise such a stream lasts as long as the kernel
 * keeps the connection: the waiting bytes are never written, so neither an error nor an end occurs.
 */
export function dropStalledStreams(stallMs: number = STALL_MS): StalledStreams {
  const checksOf = new Map<ServerResponse, number>();
  const timer = setInterval(() => {
    for (const [response, checks] of checksOf) {
      if (!isWaiting(response)) checksOf.set(response, 0);
      else if (checks < CHECKS) checksOf.set(response, checks + 1);
      else response.destroy();
    }
  }, stallMs / CHECKS).unref();
  return {
    watch: (response) => {
      const onDrain = (): void => void checksOf.set(response, 0);
      const unwatch = (): void => {
        checksOf.delete(response);
        response.off('drain', onDrain).off('close', unwatch);
      };
      checksOf.set(response, 0);
      response.on('drain', onDrain).once('close', unwatch);
      return unwatch;
    },
    stop: () => clearInterval(timer),
  };
}

function isWaiting(response: ServerResponse): boolean {
  return response.writableNeedDrain || (response.writableEnded && !response.writableFinished);
}
