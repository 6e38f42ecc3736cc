import type { AttemptResult, AnswerOutcome } from './request-metrics.ts';

/** Spans of users' requests, for distributed tracing. */
export interface RequestTracing {
  /** Undefined where this request is not recorded: no collector, or not sampled. */
  begin(request: TracedRequest): RequestSpan | undefined;
}

/** A request as its client sent it. */
export interface TracedRequest {
  /** What is asked for, in our names: `chat`, `embedding`. */
  readonly api: string;
  /** As the client named it. */
  readonly model: string;
  readonly stream: boolean;
  readonly callId: string;
  /** A header of the request; the trace of its sender is in `traceparent`. */
  readonly header: (name: string) => string | undefined;
}

/** One request, from its arrival to the last byte of its answer. */
export interface RequestSpan {
  attempt(attempt: TracedAttempt): AttemptSpan;
  /** `status`: as the client got it, in the error event of an answer that broke off too; 499 where it left before. */
  end(end: {
    readonly outcome: AnswerOutcome;
    readonly status: number;
    readonly group: string;
    readonly attempts: number;
  }): void;
}

/** One attempt at a deployment. */
export interface TracedAttempt {
  readonly deployment: string;
  readonly provider: string;
  /** The model's name at the upstream. */
  readonly model: string;
  /** Scheme, host and port of the upstream. */
  readonly origin: string;
  readonly number: number;
  /** Why routing chose this deployment. */
  readonly why: string;
}

/** The span of one attempt, to be ended once. */
export interface AttemptSpan {
  end(end: {
    readonly result: AttemptResult;
    /** HTTP status of a failure; absent where there was none. */
    readonly status?: number | undefined;
    readonly firstByteMs?: number | undefined;
    readonly tokens?: { readonly input: number; readonly output: number } | undefined;
  }): void;
}
