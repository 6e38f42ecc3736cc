import type { Env } from '../config/index.ts';
import type { Logger } from '../ports/index.ts';
import { createLogger, logFormatOf, logLevelOf } from '../telemetry/index.ts';
import type { Redact } from '../redaction/index.ts';
import type { LogLevelInput } from '../telemetry/index.ts';

/** A pod's logger on standard output, by flags, file and environment. */
export function createPodLogger(
  input: Pick<LogLevelInput, 'flag' | 'configured'> & { readonly env: Env },
): (redact: Redact) => Logger {
  const { flag, configured, env } = input;
  const level = logLevelOf({ flag, configured, environment: env['LITELLM_LOG'] });
  const format = logFormatOf(env['ALLSWELL_LOG_FORMAT']);
  return (redact) => createLogger({ level, format, redact });
}
