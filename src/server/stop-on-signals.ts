import type { RunningServer } from './start-server.ts';

/** The members of the process that this module uses. */
export type SignalledProcess = Pick<NodeJS.Process, 'on' | 'exit'>;

/**
 * Stops the pod on SIGTERM and SIGINT; a second signal exits at once. An uncaught error is logged and exits with status
 * 1: a pod in an unknown state must not keep its leases.
 */
export function stopOnSignals(server: Pick<RunningServer, 'stop' | 'logger'>, process: SignalledProcess): void {
  const { logger } = server;
  let signals = 0;
  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(status);
      logger.info(`Stopping on ${signal}`);
      server.stop().then(
        () => {
          logger.info('Stopped');
          process.exit(0);
        },
        (error: unknown) => fatal(error),
      );
    });
  }
  const fatal = (error: unknown): void => {
    logger.error(`Ended by an unexpected error, to be reported with allswell diagnose: ${describe(error)}`);
    process.exit(1);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.stack ?? error.message;
}
