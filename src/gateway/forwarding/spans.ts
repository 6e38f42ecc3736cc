import type { AttemptResult, AttemptSpan, RequestSpan } from '../../ports/index.ts';
import type { AttemptOutcome, Step } from '../../routing/index.ts';
import type { Api } from './apis.ts';
import type { DeploymentCalls } from './upstream-calls.ts';

export interface AttemptSpanInput {
  /** Undefined where the request is not recorded. */
  readonly span: RequestSpan | undefined;
  readonly api: Api;
  readonly callable: DeploymentCalls | undefined;
}

/** Begins the span of one attempt. */
export function beginAttemptSpan(
  { deployment, model, number, why }: Extract<Step, { kind: 'attempt' }>,
  { span, api, callable }: AttemptSpanInput,
): AttemptSpan | undefined {
  const call = span === undefined ? undefined : callable?.callFor(api.name, model);
  if (span === undefined || callable === undefined || call === undefined) return undefined;
  const { call: prepared } = callable.deployment;
  const provider = prepared.kind === 'callable' ? prepared.provider : '';
  return span.attempt({ deployment: deployment.id, provider, model: call.model, origin: call.origin, number, why });
}

/** Ends it with its outcome. */
export function endAttemptSpan(span: AttemptSpan | undefined, outcome: AttemptOutcome): void {
  if (span === undefined) return;
  span.end({
    result: resultOf(outcome),
    ...('status' in outcome && { status: outcome.status }),
    ...(outcome.kind === 'success' && { firstByteMs: outcome.firstByteMs, tokens: outcome.tokens }),
  });
}

/** An outcome as metrics and spans name it. */
export function resultOf(outcome: AttemptOutcome): AttemptResult {
  if (outcome.kind === 'failure') return outcome.class;
  return outcome.kind === 'unsent' ? 'neutral' : outcome.kind;
}
