/**
 * All error codes. `docs/reference/error-codes.md` explains each one. A code never changes its meaning and is never
 * reused.
 */
export const errorRegistry: Readonly<Record<ErrorCode, ErrorDefinition>> = {
  ALLSWELL_ERR_CONFIG_UNREADABLE: define(500, 2, 'the configuration cannot be read: {why}'),
  ALLSWELL_ERR_CONFIG_SYNTAX: define(500, 2, 'the configuration is not valid YAML: {problems}'),
  ALLSWELL_ERR_CONFIG_MISSING_SPACE: define(
    500,
    2,
    'the configuration lacks a space after a dash or colon: {problems}',
  ),
  ALLSWELL_ERR_CONFIG_INVALID: define(500, 2, 'the configuration is invalid: {problems}'),
  ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY: define(500, 2, 'a security setting is not enforced by allswell: {problems}'),
  ALLSWELL_ERR_PORT_IN_USE: define(500, 3, 'cannot listen on {host}:{port}: another process uses the port'),
};

export type ErrorCode =
  | 'ALLSWELL_ERR_CONFIG_UNREADABLE'
  | 'ALLSWELL_ERR_CONFIG_SYNTAX'
  | 'ALLSWELL_ERR_CONFIG_MISSING_SPACE'
  | 'ALLSWELL_ERR_CONFIG_INVALID'
  | 'ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY'
  | 'ALLSWELL_ERR_PORT_IN_USE';

export interface ErrorDefinition {
  /** HTTP status, if the failure reaches a client. */
  readonly httpStatus: number;
  /** Exit status, if the failure ends the process. */
  readonly exitStatus: number;
  /** One line; `{name}` stands for a value. */
  readonly template: string;
}

/**
 * A failure from the registry. For bugs and for the edges of the system: expected outcomes are return values.
 *
 * @example
 * throw new AllswellError('ALLSWELL_ERR_PORT_IN_USE', { host: '0.0.0.0', port: 4000 }, cause);
 */
export class AllswellError extends Error {
  readonly code: ErrorCode;
  readonly httpStatus: number;
  readonly exitStatus: number;

  constructor(code: ErrorCode, values: Readonly<Record<string, string | number>>, cause?: unknown) {
    const { template, httpStatus, exitStatus } = errorRegistry[code];
    super(fill(template, values), cause === undefined ? undefined : { cause });
    this.name = 'AllswellError';
    this.code = code;
    this.httpStatus = httpStatus;
    this.exitStatus = exitStatus;
  }
}

function define(httpStatus: number, exitStatus: number, template: string): ErrorDefinition {
  return { httpStatus, exitStatus, template };
}

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}
