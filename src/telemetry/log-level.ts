export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Everything that may set the level. */
export interface LogLevelInput {
  /** `--debug` or `--detailed_debug` was given. */
  readonly flag: 'debug' | 'none';
  /** What the configuration file says; `set_verbose: true` means debug. */
  readonly configured: 'info' | 'debug';
  /** `LITELLM_LOG`. */
  readonly environment: string | undefined;
}

/** Precedence: flag, file, environment, `info`. An unknown name is ignored. */
export function logLevelOf({ flag, configured, environment }: LogLevelInput): LogLevel {
  if (flag === 'debug' || configured === 'debug') return 'debug';
  return byName[environment?.toLowerCase() ?? ''] ?? 'info';
}

const byName: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  critical: 'error',
};
