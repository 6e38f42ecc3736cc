/** Values worth their own field in a log line. Never secrets, headers or bodies, and never what every line has. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>> & {
  readonly level?: never;
  readonly time?: never;
  readonly message?: never;
};

/** Where log lines go. The message is complete by itself; fields repeat its parts for machines. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
