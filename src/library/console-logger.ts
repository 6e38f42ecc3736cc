import type { Clock, Logger } from '../ports/index.ts';

/**
 * Lines of a fleet on standard error, from level INFO: each failure has a line, and so has its end. Standard output belongs to the
 * application.
 */
export function consoleLogger(fleet: string, { wallMs }: Pick<Clock, 'wallMs'>): Logger {
  const line = (level: string, message: string): string =>
    `${new Date(wallMs()).toISOString()} allswell ${level}: fleet ${fleet}: ${message}`;
  return {
    debugs: false,
    debug: () => {},
    info: (message) => console.warn(line('INFO', message)),
    warn: (message) => console.warn(line('WARNING', message)),
    error: (message) => console.error(line('ERROR', message)),
  };
}
