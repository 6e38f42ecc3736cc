import type { StoreLoss } from '../../../ports/index.ts';
import { adviceOn } from './advice.ts';
import { lossOf } from './loss.ts';

export interface ExplainParts {
  /** Address of the store. */
  readonly where: string;
  readonly secrets: readonly string[];
  /** Rules of an ACL that the command needs, named where the user lacks a right. */
  readonly rights: string;
  /** Another problem with the login, appended to a refused login. */
  readonly loginProblem: string | undefined;
}

/** Safe message for a client's error: event, address, advice. */
export function describedLoss(error: unknown, { where, secrets, rights, loginProblem }: ExplainParts): StoreLoss {
  const root = rootOf(error);
  const loss = lossOf(root, secrets);
  const code = (root as { code?: unknown } | null)?.code;
  const advice = adviceOn(`${loss.message} ${typeof code === 'string' ? code : ''}`, rights);
  if (advice === undefined) return loss;
  const also = loginProblem !== undefined && isRefusedLogin(loss.message) ? `; ${loginProblem}` : '';
  return { ...loss, message: `${loss.message} (Redis at ${where}; ${advice}${also})` };
}

/** True if the server refused the user or the password. */
export function isRefusedLogin(text: string): boolean {
  return /^(WRONGPASS|NOAUTH|ERR invalid password)/.test(text);
}

/** The most specific error: the first of a host's addresses, the last node's of a cluster. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof AggregateError && error.message === '') return error.errors[0] ?? error;
  const { lastNodeError } = error as { lastNodeError?: unknown };
  return lastNodeError instanceof Error ? lastNodeError : error;
}
