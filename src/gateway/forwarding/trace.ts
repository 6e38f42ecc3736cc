import type { Logger, AnswerOutcome } from '../../ports/index.ts';
import type { AttemptOutcome, Step } from '../../routing/index.ts';

/** Records what happened to one request. */
export interface RequestTrace {
  attempted(attempt: { readonly step: Extract<Step, { kind: 'attempt' }>; readonly outcome: AttemptOutcome }): void;
  gaveUp(why: string): void;
}

interface EndedTrace extends RequestTrace {
  end(end: { readonly outcome: AnswerOutcome; readonly status: number }): void;
}

/** The request that a trace is of. */
export interface TracedCall {
  readonly callId: string;
  readonly group: string;
  /** Name of this pod for people. */
  readonly podName: string;
}

const NO_TRACE: EndedTrace = { attempted: () => undefined, gaveUp: () => undefined, end: () => undefined };

/** Writes one line per request at debug level, with every attempt, its class, and why this deployment. */
export function createTrace({ callId, group, podName }: TracedCall, logger: Logger): EndedTrace {
  if (logger.debugs === false) return NO_TRACE;
  const parts: string[] = [];
  return {
    attempted: ({ step, outcome }) => {
      const { number, deployment, why } = step;
      parts.push(`${number} ${deployment.id} (${why}) ${resultOf(outcome)}`);
    },
    gaveUp: (why) => parts.push(`gave up: ${why}`),
    end: ({ outcome, status }) =>
      logger.debug(`Request ${callId} to ${group} at ${podName}: ${parts.join('; ')}; ${outcome} ${status}`),
  };
}

function resultOf(outcome: AttemptOutcome): string {
  const ms = Math.round(outcome.durationMs);
  switch (outcome.kind) {
    case 'success':
      return `answered in ${ms} ms, first byte after ${Math.round(outcome.firstByteMs)} ms`;
    case 'failure':
      return outcome.phase === 'after-first-byte'
        ? `broken off after ${ms} ms: ${outcome.class}`
        : `failed after ${ms} ms: ${outcome.class}${outcome.status === undefined ? '' : ` (HTTP ${outcome.status})`}`;
    case 'caller-fault':
      return `refused the request: ${outcome.fault} (HTTP ${outcome.status})`;
    case 'unsent':
      return 'not sent: no translation for this deployment';
    case 'neutral':
      return `ended without evidence after ${ms} ms`;
  }
}
