import type { Logger } from '../ports/index.ts';

/** Warnings and errors on the console. */
export const consoleLogger: Logger = {
  debugs: false,
  debug: () => {},
  info: () => {},
  warn: (message) => console.warn(`allswell: ${message}`),
  error: (message) => console.error(`allswell: ${message}`),
};
