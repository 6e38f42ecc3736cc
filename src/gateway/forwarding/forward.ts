import type { ServerResponse } from 'node:http';
import type { Caller } from '../../http/index.ts';
import type {
  Clock,
  DeploymentMetrics,
  Logger,
  RequestMetrics,
  AnswerOutcome,
  RequestSpan,
  RoutingView,
} from '../../ports/index.ts';
import type { AttemptOutcome, RequestPlan, RoutedDeployment, Step } from '../../routing/index.ts';
import type { Redact } from '../../redaction/index.ts';
import type { UpstreamPools } from '../../upstream/index.ts';
import type { Logins } from '../../logins/index.ts';
import { answerHeaders, ownHeaders } from './answer-headers.ts';
import type { AnswerFacts } from './answer-headers.ts';
import type { Api } from './apis.ts';
import { attempt } from './attempt.ts';
import type { AttemptEnd } from './attempt-types.ts';
import type { CutOff } from './cut-off.ts';
import { brokenOffError } from './broken-off.ts';
import { laneFor } from './lane.ts';
import { outcomeOf } from './classify.ts';
import { sendError } from './send-error.ts';
import { sendLoggedIn } from './sign-in.ts';
import type { SendOnce } from './sign-in.ts';
import { failureError, giveUpError } from './give-up.ts';
import { beginAttemptSpan, endAttemptSpan, resultOf } from './spans.ts';
import type { LastAttempt } from './give-up.ts';
import type { ClientRequest } from './read-request.ts';
import type { RequestTrace } from './trace.ts';
import type { SilenceLimits } from './silence.ts';
import { wait } from './wait.ts';
import type { DeploymentCalls } from './upstream-calls.ts';

/** What forwarding needs, for the life of a configuration. */
export interface ForwardParts {
  readonly deployments: ReadonlyMap<string, DeploymentCalls>;
  readonly view: RoutingView;
  readonly pools: UpstreamPools;
  readonly logins: Logins;
  readonly clock: Clock;
  readonly cutOff: CutOff;
  readonly redact: Redact;
  readonly logger: Logger;
  readonly metrics: RequestMetrics;
  /** Name of this pod for people. */
  readonly podName: string;
  /** Longest silence in the middle of a stream, and longest stream, ms. */
  readonly idleMs: number;
  readonly longestStreamMs: number;
  /** Limit for the first byte of any answer, ms; null: only that of the attempt. */
  readonly firstByteMs: number | null;
}

/** One request that has passed its checks. */
export interface Forwarding {
  readonly api: Api;
  readonly request: ClientRequest;
  readonly plan: RequestPlan;
  readonly outgoing: ServerResponse;
  readonly caller: Caller;
  readonly callId: string;
  readonly contentType: string;
  /** Headers of the client that its upstream gets, names and values in turn. */
  readonly passedHeaders: readonly string[];
  readonly trace: RequestTrace;
  /** Undefined where the request is not recorded. */
  readonly span: RequestSpan | undefined;
}

/** How a request ended, for metrics, its span and its line. */
export interface ForwardEnd {
  readonly outcome: AnswerOutcome;
  /** As the client got it, in the error event of an answer that broke off too; 499 where it left before. */
  readonly status: number;
  /** From the start of the last attempt until the first byte of its answer; absent without an answer. */
  readonly firstByteMs?: number;
  readonly attempts: number;
  /** Why no deployment was asked further. */
  readonly gaveUp?: Extract<Step, { kind: 'give-up' }>['why'];
}

/**
 * Makes the attempts of one request, until the client has an answer or there is nothing left to try. Rejects only for a bug of
 * this pod.
 */
export async function forward(input: Forwarding, parts: ForwardParts): Promise<ForwardEnd> {
  const { plan, outgoing, trace, span, api } = input;
  let last: LastAttempt | undefined;
  let fallbacks = 0;
  for (;;) {
    const step = plan.next();
    if (step.kind === 'give-up') {
      const status = giveUp(input, { step, last, fallbacks, parts });
      return { outcome: 'failed', status, attempts: last?.number ?? 0, gaveUp: step.why };
    }
    if (last !== undefined && step.deployment.group !== last.deployment.group) fallbacks += 1;
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    if (step.waitMs > 0 && !(await wait(step.waitMs, { outgoing, ...parts }))) {
      plan.ended({ kind: 'neutral', durationMs: 0 });
      return { ...clientLeft(outgoing), attempts: step.number };
    }
    const metrics = parts.metrics.deployment(step.deployment.id, step.deployment.group);
    if (step.number === 1 && step.why === 'panic') parts.metrics.group(plan.group).unroutable();
    const startedMs = parts.clock.monotonicMs();
    const callable = parts.deployments.get(step.deployment.id);
    const attemptSpan = beginAttemptSpan(step, { span, api, callable });
    // oxlint-disable-next-line no-await-in-loop
    const end = await attemptOrRelease(step, { input, parts, fallbacks, metrics });
    const durationMs = parts.clock.monotonicMs() - startedMs;
    const modelFrom = callable?.modelFrom ?? 'deployment';
    const outcome = outcomeOf(end, { durationMs, wallMs: parts.clock.wallMs(), modelFrom });
    plan.ended(outcome);
    trace.attempted({ step, outcome });
    endAttemptSpan(attemptSpan, outcome);
    if (outcome.kind !== 'unsent') countAttempt(metrics, outcome);
    if (end.kind === 'client-left') {
      const left = clientLeft(outgoing);
      if (left.outcome === 'left-before-answer') metrics.abandoned();
      return { ...left, attempts: step.number };
    }
    const { number: attempts } = step;
    if (end.kind === 'broken-off') return { outcome: 'broken-off', status: brokenOffError(end.fault).status, attempts };
    if (end.kind === 'answered') return { outcome: 'answered', status: 200, firstByteMs: end.firstByteMs, attempts };
    last = { end, outcome, deployment: step.deployment, number: step.number };
  }
}

/** 499 is nginx' status for it. */
function clientLeft({ headersSent }: ServerResponse): Pick<ForwardEnd, 'outcome' | 'status'> {
  return { outcome: headersSent ? 'left-during-answer' : 'left-before-answer', status: 499 };
}

function countAttempt(metrics: DeploymentMetrics, outcome: AttemptOutcome): void {
  metrics.attempted(resultOf(outcome));
  if (outcome.kind === 'success' && outcome.tokens !== undefined) {
    metrics.tokens(outcome.tokens.input, outcome.tokens.output);
  }
}

type AttemptStep = Extract<Step, { kind: 'attempt' }>;

interface AttemptContext {
  readonly input: Forwarding;
  readonly parts: ForwardParts;
  readonly fallbacks: number;
  readonly metrics: DeploymentMetrics;
}

/** Ends the attempt in the plan also where a bug of this pod does: otherwise it would count as in flight for ever, a trial too. */
async function attemptOrRelease(step: AttemptStep, context: AttemptContext): Promise<AttemptEnd> {
  const { input, metrics } = context;
  metrics.began();
  try {
    return await attemptAt(step, context);
  } catch (error) {
    input.plan.ended({ kind: 'neutral', durationMs: 0 });
    throw error;
  } finally {
    metrics.ended();
  }
}

async function attemptAt(step: AttemptStep, { input, parts, fallbacks }: AttemptContext): Promise<AttemptEnd> {
  const { api, request, outgoing, callId, passedHeaders } = input;
  // Clients such as curl name another type for JSON, which upstreams refuse.
  const contentType = api.body === 'json' ? 'application/json' : input.contentType;
  const callable = parts.deployments.get(step.deployment.id);
  const call = callable?.callFor(api.name, step.model);
  // Routing asked for the endpoint before: {@link RoutedRequest.serves}.
  if (callable === undefined || call === undefined) {
    throw new Error(`deployment ${step.deployment.id} has no endpoint for ${api.name}`);
  }
  const unsupportedFields = callable.deployment.dropParams === 'on' ? 'drop' : 'refuse';
  const lane = laneFor({ api, request, call, unsupportedFields, passedHeaders, callId, wallMs: parts.clock.wallMs() });
  if (lane.kind === 'no-lane') return refusedHere(lane.status, lane.body, api);
  const { body, bodies, check, stream } = lane;
  const path = (request.stream ? call.streamPath : undefined) ?? call.path;
  const send: SendOnce = (loginHeaders, timeoutMs) =>
    attempt(
      {
        request: {
          origin: call.origin,
          path,
          method: 'POST',
          headers: ['content-type', contentType, ...call.headers, ...loginHeaders, ...lane.passedHeaders],
          body,
        },
        outgoing,
        wire: api.wire,
        format: call.format,
        asked: request.stream ? 'stream' : 'whole',
        answer: api.answer,
        bodies,
        check,
        stream,
        limits: limitsOf(timeoutMs, { stream: request.stream, parts }),
        headers: (upstream) =>
          answerHeaders(
            factsOf(input, { routed: step.deployment, attempts: step.number, callable, parts, fallbacks }),
            upstream,
          ),
      },
      parts,
    );
  return await sendLoggedIn({ ...call, path }, { body, parts, outgoing, timeoutMs: step.timeoutMs }, send);
}

/** A refusal of this pod, in the client's own format. */
function refusedHere(status: number, body: Buffer, { wire }: Api): AttemptEnd {
  const format = wire === 'anthropic' ? 'anthropic' : 'openai';
  return { kind: 'untranslatable', refusal: { status, headers: {}, body, format } };
}

/** A stream is limited by its silences; any other answer by one deadline. */
function limitsOf(timeoutMs: number, { stream, parts }: { stream: boolean; parts: ForwardParts }): SilenceLimits {
  const firstByteMs = Math.min(timeoutMs, parts.firstByteMs ?? timeoutMs);
  if (!stream) return { firstByteMs, idleMs: timeoutMs, totalMs: timeoutMs };
  return { firstByteMs, idleMs: parts.idleMs, totalMs: parts.longestStreamMs };
}

function factsOf(
  { caller, callId }: Forwarding,
  { routed, attempts, callable, parts, fallbacks }: FactsInput,
): AnswerFacts {
  const { deployment, apiBase } = callable;
  const health = parts.view.health(routed.target);
  const evidenceAt = health?.evidenceAt ?? null;
  return {
    callId,
    podName: parts.podName,
    attempts,
    fallbacks,
    showAddress: caller.role === 'admin',
    deployment: {
      id: deployment.modelId,
      group: routed.group,
      model: deployment.model,
      apiBase,
      state: health?.state ?? 'unknown',
      ageMs: evidenceAt === null ? null : (parts.view.now() - evidenceAt) / 1_000,
    },
  };
}

interface FactsInput {
  readonly routed: RoutedDeployment;
  readonly attempts: number;
  readonly callable: DeploymentCalls;
  readonly parts: ForwardParts;
  readonly fallbacks: number;
}

interface GiveUpInput {
  readonly step: Extract<Step, { kind: 'give-up' }>;
  readonly last: LastAttempt | undefined;
  readonly fallbacks: number;
  readonly parts: ForwardParts;
}

/** The status of the answer. */
function giveUp(input: Forwarding, { step, last: given, fallbacks, parts }: GiveUpInput): number {
  const { api, plan, outgoing, caller, callId, trace } = input;
  // Others of the group could take the request, and are at their limits.
  const last = step.why === 'over-limit' ? undefined : given;
  const callable = last === undefined ? undefined : parts.deployments.get(last.deployment.id);
  const redact: Redact = (text) => parts.redact(callable?.redact(text) ?? text);
  const error =
    last === undefined
      ? giveUpError(step, { group: plan.group, api: api.name })
      : failureError(last, { step, redact, wire: api.wire });
  const attempts = last?.number ?? 0;
  const facts =
    last === undefined || callable === undefined
      ? { callId, podName: parts.podName, attempts, fallbacks, showAddress: caller.role === 'admin' }
      : factsOf(input, { routed: last.deployment, attempts, callable, parts, fallbacks });
  trace.gaveUp(step.why);
  sendError(outgoing, { wire: api.wire, error, headers: ownHeaders(facts) });
  return error.status;
}
