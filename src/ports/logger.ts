/** Extra fields of a log line. Never secrets, headers or bodies, and none of the fields that every line has. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>> & {
  readonly level?: never;
  readonly time?: never;
  readonly message?: never;
};

/** Writes log lines. The message is complete by itself; fields repeat parts of it for machines. */
export interface Logger {
  /** False where debug lines are not written: what is expensive to say need not be made. */
  readonly debugs?: boolean;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
