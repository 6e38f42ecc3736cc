import type { ServerResponse } from 'node:http';

/** How long a client of a stream may read nothing while bytes wait for it. */
const STALL_MS = 60_000;
/** Looks per deadline. */
const CHECKS = 4;

export interface StalledStreams {
  /** Watches this answer until its connection is closed or the returned function is called. */
  watch(response: ServerResponse): () => void;
  stop(): void;
}

/**
 * Destroys the connections of streams whose clients do not read. Without it, such a stream stays for as long as the
 * kernel keeps the connection: what waits is never written, so no error and no end ever comes.
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
