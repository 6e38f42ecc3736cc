import { close, open } from 'node:fs';
import type { Clock, Logger } from '../ports/index.ts';

const CHECK_MS = 1_000;
/**
 * Descriptors must have been available for this long before the end is logged, because a process at its limit wavers.
 */
const STEADY_MS = 5_000;
const REPEAT_MS = 60_000;

/** Opens and closes a file; returns the system's error code if that fails. */
export type TryDescriptor = () => Promise<string | undefined>;

export interface DescriptorWatch {
  stop(): void;
}

/**
 * Logs when this process runs out of file descriptors, and when it has some again. Without this log the cause is
 * hidden: Node accepts and closes clients' connections without an error, and connections to upstreams and Redis fail
 * with an error that looks like theirs.
 */
export function watchDescriptors(
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
  tryOne: TryDescriptor = openNull,
): DescriptorWatch {
  let warnedMs: number | undefined;
  let since: { readonly outMs: number; lastMs: number } | undefined;
  let stopped = false;
  const found = (code: string | undefined): void => {
    const nowMs = clock.monotonicMs();
    if (code === 'EMFILE' || code === 'ENFILE') {
      since ??= { outMs: nowMs, lastMs: nowMs };
      since.lastMs = nowMs;
      if (warnedMs !== undefined && nowMs - warnedMs < REPEAT_MS) return;
      warnedMs = nowMs;
      const limit = code === 'EMFILE' ? 'this process (ulimit -n)' : 'this machine (sysctl fs.file-max)';
      logger.warn(
        `Out of file descriptors (${code}): this pod cannot open connections to upstreams or Redis, nor accept clients. To fix: raise the limit of ${limit}, or close connections`,
      );
    } else if (since !== undefined && nowMs - since.lastMs >= STEADY_MS) {
      logger.info(`File descriptors are available again after ${Math.round((since.lastMs - since.outMs) / 1_000)} s`);
      since = undefined;
    }
  };
  const check = async (): Promise<void> => {
    found(await tryOne());
    if (!stopped) timer = clock.setTimer(CHECK_MS, () => void check());
  };
  let timer = clock.setTimer(0, () => void check());
  return {
    stop: () => {
      stopped = true;
      timer.cancel();
    },
  };
}

async function openNull(): Promise<string | undefined> {
  return await new Promise((resolve) => {
    open('/dev/null', 'r', (error, file) => {
      if (error !== null) resolve(error.code);
      else close(file, () => resolve(undefined));
    });
  });
}
