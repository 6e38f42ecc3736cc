import type { FailureClass } from '../../health/index.ts';
import { readRefusal } from '../../providers/wire/index.ts';
import type { AttemptOutcome } from '../../routing/index.ts';
import { faultClassOf } from '../../system/index.ts';
import type { FaultClass } from '../../system/index.ts';

/** What an error of `fetch` says. Errors without a cause are those of wrong arguments. */
export function outcomeOfError(error: unknown, durationMs: number): AttemptOutcome {
  const cause = error instanceof Error ? error.cause : undefined;
  const found = classes[cause === undefined ? 'local' : faultClassOf(cause)];
  if (found === undefined) return { kind: 'neutral', durationMs };
  return { kind: 'failure', class: found, phase: 'before-first-byte', durationMs };
}

/** Undefined: this process is at fault, which says nothing about the upstream. */
const classes: Readonly<Record<FaultClass, FailureClass | undefined>> = {
  network: 'network',
  timeout: 'timeout',
  'not-http': 'server',
  local: undefined,
  'bad-request': undefined,
};

/** What an answer of an LLM API with an error status says. */
export function outcomeOfRefusal(response: Response, text: string, times: Times): AttemptOutcome {
  const found = readRefusal({ status: response.status, headers: waitHeaders(response), text }, times.wallMs);
  if (found.kind === 'caller-fault') return { ...found, durationMs: times.durationMs };
  return { ...found, phase: 'before-first-byte', durationMs: times.durationMs };
}

/** What an answer of any HTTP API says: 408, 429 and 5xx are failures, all others are answers. */
export function outcomeOfStatus(response: Response, times: Times): AttemptOutcome {
  const { status } = response;
  if (status < 500 && status !== 408 && status !== 429) {
    return { kind: 'success', firstByteMs: times.durationMs, durationMs: times.durationMs };
  }
  const found = readRefusal({ status, headers: waitHeaders(response), text: '' }, times.wallMs);
  if (found.kind === 'failure') return { ...found, phase: 'before-first-byte', durationMs: times.durationMs };
  return { kind: 'failure', class: 'server', status, phase: 'before-first-byte', durationMs: times.durationMs };
}

/** Duration of the attempt, and the wall clock for dates in headers. */
export interface Times {
  readonly durationMs: number;
  readonly wallMs: number;
}

function waitHeaders({ headers }: Response): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ['retry-after', 'retry-after-ms']) {
    const value = headers.get(name);
    if (value !== null) found[name] = value;
  }
  return found;
}
