import type { StoreLoss } from '../../../ports/index.ts';
import { adviceOn } from './advice.ts';
import { lossOf } from './loss.ts';

export interface ExplainParts {
  /** Where the store is. */
  readonly where: string;
  readonly secrets: readonly string[];
  /** What else is wrong with the login, told where the login is refused. */
  readonly loginProblem: string | undefined;
}

/** What may be said of a client's error: what happened, where, and what to look at. */
export function explained(error: unknown, { where, secrets, loginProblem }: ExplainParts): StoreLoss {
  const root = rootOf(error);
  const loss = lossOf(root, secrets);
  const code = (root as { code?: unknown } | null)?.code;
  const advice = adviceOn(`${loss.message} ${typeof code === 'string' ? code : ''}`);
  if (advice === undefined) return loss;
  const also = loginProblem !== undefined && isRefusedLogin(loss.message) ? `; ${loginProblem}` : '';
  return { ...loss, message: `${loss.message} (Redis at ${where}; ${advice}${also})` };
}

/** The server knows no such user, or the password is another one. */
export function isRefusedLogin(text: string): boolean {
  return /^(WRONGPASS|NOAUTH|ERR invalid password)/.test(text);
}

/** The error that says most: of all addresses of a host the first, of a cluster the last node's. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof AggregateError && error.message === '') return error.errors[0] ?? error;
  const { lastNodeError } = error as { lastNodeError?: unknown };
  return lastNodeError instanceof Error ? lastNodeError : error;
}
