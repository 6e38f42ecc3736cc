/** One line of the answer: what was asked of a LiteLLM pod, or of allswell's side, and what came of it. */
export interface Check {
  readonly check: CheckName;
  /** `skipped`: it could not be found out; `says` tells why. */
  readonly result: 'passed' | 'failed' | 'skipped';
  /** One line without secrets. */
  readonly says: string;
  /** What to do; for failed checks. */
  readonly todo?: string;
}

export type CheckName =
  | 'published'
  | 'probing'
  | 'litellm'
  | 'background-checks'
  | 'redis'
  | 'results'
  | 'routing'
  | 'deployments'
  | 'cooldown';

export function passed(check: CheckName, says: string): Check {
  return { check, result: 'passed', says: clipped(says) };
}

export function failed(check: CheckName, says: string, todo: string): Check {
  return { check, result: 'failed', says: clipped(says), todo };
}

export function skipped(check: CheckName, says: string): Check {
  return { check, result: 'skipped', says: clipped(says) };
}

/**
 * Names of a list for a line, the first few of many.
 *
 * @example
 * few(['a', 'b', 'c', 'd', 'e']) // 'a, b, c and 2 more'
 */
export function few(names: readonly string[]): string {
  const shown = names.slice(0, FEW).join(', ');
  return names.length > FEW ? `${shown} and ${names.length - FEW} more` : shown;
}

const FEW = 3;

/** The other side chooses names and ids. */
function clipped(says: string): string {
  return says.length > LONGEST ? `${says.slice(0, LONGEST)}…` : says;
}

const LONGEST = 500;
