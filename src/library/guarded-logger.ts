import type { Logger } from '../ports/index.ts';

/** A logger of the application that throws must end neither a request nor the process. */
export function guarded(logger: Logger): Logger {
  const guard =
    (level: 'debug' | 'info' | 'warn' | 'error'): Logger['info'] =>
    (...line) => {
      try {
        logger[level](...line);
      } catch {}
    };
  return {
    ...(logger.debugs !== undefined && { debugs: logger.debugs }),
    debug: guard('debug'),
    info: guard('info'),
    warn: guard('warn'),
    error: guard('error'),
  };
}
