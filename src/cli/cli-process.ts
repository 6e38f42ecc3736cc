/** The parts of the process that commands use. */
export type CliProcess = Pick<NodeJS.Process, 'env' | 'stdout' | 'stderr'> & {
  exitCode?: NodeJS.Process['exitCode'];
};
