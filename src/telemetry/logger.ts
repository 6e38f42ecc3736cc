import { destination, pino } from 'pino';
import type { LogFields, Logger } from '../ports/index.ts';
import type { LogLevel } from './log-level.ts';
import type { Redact } from '../redaction/index.ts';

/** One finished line with its line feed. */
export type WriteLine = (line: string) => void;

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `text`: `<ISO time> INFO: <message>`. `json`: one object per line, with the fields. */
  readonly format: 'text' | 'json';
  readonly redact: Redact;
  /** Where lines go; standard output unless given. */
  readonly write?: WriteLine;
}

/** The logger of a pod. Every line, whatever its format, passes the redactor as its last station. */
export function createLogger({ level, format, redact, write = standardOutput() }: LoggerOptions): Logger {
  const shape = format === 'text' ? textLine : (line: string) => line;
  const log = pino(
    {
      level,
      base: null,
      timestamp: isoTime,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => write(redact(shape(line))) },
  );
  return {
    debugs: log.isLevelEnabled('debug'),
    debug: (message, fields) => log.debug(fields ?? none, message),
    info: (message, fields) => log.info(fields ?? none, message),
    warn: (message, fields) => log.warn(fields ?? none, message),
    error: (message, fields) => log.error(fields ?? none, message),
  };
}

/** `ALLSWELL_LOG_FORMAT`: `json`, or text for everything else. */
export function logFormatOf(environment: string | undefined): 'text' | 'json' {
  return environment?.toLowerCase() === 'json' ? 'json' : 'text';
}

const none: LogFields = {};

function isoTime(): string {
  return `,"time":"${new Date().toISOString()}"`;
}

/** The names LiteLLM's readers grep for. */
const shownLevels: Readonly<Record<string, string>> = { warn: 'WARNING', info: 'INFO', debug: 'DEBUG', error: 'ERROR' };

function textLine(json: string): string {
  const { time, level, message } = JSON.parse(json) as { time: string; level: string; message: string };
  return `${time} ${shownLevels[level] ?? level}: ${oneLine(message)}\n`;
}

/** A message with a line feed inside could forge a line of its own. */
function oneLine(message: string): string {
  return message.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function standardOutput(): WriteLine {
  // Synchronous: the last words before an exit are the ones that matter.
  const out = destination({ fd: 1, sync: true });
  // A reader that went away (`allswell serve | head`) is no reason to die.
  out.on('error', () => {});
  return (line) => out.write(line);
}
