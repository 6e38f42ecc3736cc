import type { ProbeTarget } from '../config/index.ts';
import type { Failure, Outcome } from '../health/index.ts';
import type { UpstreamFault } from '../upstream/index.ts';
import type { FoundAnswer } from './ask.ts';
import type { Deadline } from './deadline.ts';
import { redactorFor } from '../redaction/index.ts';

/** A finished probe: its answer or fault, and what may explain it. */
export interface Ended {
  readonly found: FoundAnswer;
  readonly deadline: Pick<Deadline, 'why'>;
  /** How long the event loop was blocked during the probe. */
  readonly stalledMs: number;
}

/** Outcome of a probe, with redacted messages. */
export function outcomeOf(target: ProbeTarget, { found, deadline, stalledMs }: Ended): Outcome {
  if (found.kind === 'graded') {
    return found.failure === undefined ? { kind: 'ok' } : failed(withLogin(target, found), found.failure);
  }
  if (found.class === 'local' && deadline.why() !== 'expired') {
    return { kind: 'no-evidence', why: redactorFor(target)(found.message) };
  }
  const failure = failureOf(found, target);
  // While the event loop was blocked, an answer may have been missed or the connection closed.
  if (stalledMs > MOST_STALL_MS && (failure.class === 'timeout' || failure.class === 'network')) {
    return {
      kind: 'no-evidence',
      why: `the process of this pod was blocked for ${Math.round(stalledMs)} ms during the probe`,
    };
  }
  return failed(target, failure);
}

/** Adds the fetched token to the target's secrets: the configuration does not contain it. */
function withLogin(target: ProbeTarget, { loggedInBy }: Pick<GradedAnswer, 'loggedInBy'>): ProbeTarget {
  return loggedInBy === undefined ? target : { ...target, headers: { ...target.headers, ...loggedInBy } };
}

type GradedAnswer = Extract<FoundAnswer, { kind: 'graded' }>;

/** After a longer stall, timeouts and broken connections are no evidence. */
const MOST_STALL_MS = 1_000;

/** Failure of the upstream for a fault; `local` here means that the probe's deadline has expired. */
function failureOf(fault: UpstreamFault, { timeoutMs }: ProbeTarget): Failure {
  const phase = isUnconnected(fault) ? ({ phase: 'connect' } as const) : {};
  switch (fault.class) {
    case 'network':
      return { class: 'network', message: fault.message, ...phase };
    case 'timeout':
      return { class: 'timeout', status: 408, message: fault.message, ...phase };
    case 'local':
      return { class: 'timeout', status: 408, message: `${lateFor[fault.phase]} within ${timeoutMs} ms`, ...phase };
    case 'not-http':
      return { class: 'server', message: `its answer is not HTTP: ${fault.message}` };
    case 'bad-request':
      return { class: 'bad-probe', message: `the probe cannot be written: ${fault.message}` };
  }
}

/** A proxy that accepts connections and resets them at once can cause the same error as a refused connection. */
function isUnconnected({ phase, message }: UpstreamFault): boolean {
  return phase === 'connect' && !/ECONNRESET|closed by the other side/.test(message);
}

const lateFor: Readonly<Record<UpstreamFault['phase'], string>> = {
  connect: 'no connection',
  'first-byte': 'no answer',
  body: 'no complete answer',
};

function failed(target: ProbeTarget, failure: Failure): Outcome {
  return { kind: 'failed', failure: { ...failure, message: redactorFor(target)(failure.message) } };
}
