import type { Logger } from '../../ports/index.ts';
import type { AttemptOutcome, Step } from '../../routing/index.ts';

/** Records what happened to one request. */
export interface RequestTrace {
  attempted(attempt: { readonly step: Extract<Step, { kind: 'attempt' }>; readonly outcome: AttemptOutcome }): void;
  gaveUp(why: string, status: number): void;
}

interface EndedTrace extends RequestTrace {
  end(): void;
}

const NO_TRACE: EndedTrace = { attempted: () => undefined, gaveUp: () => undefined, end: () => undefined };

/** Writes one line per request at debug level, with every attempt, its class, and why this deployment. */
export function createTrace(callId: string, group: string, logger: Logger): EndedTrace {
  if (logger.debugs === false) return NO_TRACE;
  const parts: string[] = [];
  return {
    attempted: ({ step, outcome }) => {
      const { number, deployment, why } = step;
      parts.push(`${number} ${deployment.id} (${why}) ${resultOf(outcome)}`);
    },
    gaveUp: (why, status) => parts.push(`gave up: ${why}, answered ${status}`),
    end: () => logger.debug(`Request ${callId} to ${group}: ${parts.join('; ')}`),
  };
}

function resultOf(outcome: AttemptOutcome): string {
  const ms = Math.round(outcome.durationMs);
  switch (outcome.kind) {
    case 'success':
      return `answered in ${ms} ms, first byte after ${Math.round(outcome.firstByteMs)} ms`;
    case 'failure':
      return `failed ${outcome.phase} after ${ms} ms: ${outcome.class}${outcome.status === undefined ? '' : ` (HTTP ${outcome.status})`}`;
    case 'caller-fault':
      return `refused the request: ${outcome.fault} (HTTP ${outcome.status})`;
    case 'neutral':
      return `ended without evidence after ${ms} ms`;
  }
}
