import type { JsonBody } from '../providers/wire/index.ts';
import type { TokenCounts } from './usage.ts';

/** One parsed server-sent event. */
export interface SseEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

/** What one event of the upstream means for the client. `texts` are ready to send, each one or more whole events. */
export type StreamStep =
  | { readonly kind: 'more'; readonly texts: readonly string[] }
  /** The answer is complete. Later events are ignored. */
  | { readonly kind: 'ended'; readonly texts: readonly string[]; readonly usage: TokenCounts }
  /** There is no complete answer. Later events are ignored. */
  | { readonly kind: 'failed'; readonly failure: StreamFailure };

/** Why a stream has no proper end. */
export interface StreamFailure {
  /**
   * - `upstream-error`: the upstream sent an error within the stream.
   * - `malformed`: an event that its format does not have.
   * - `truncated`: the stream ended early.
   */
  readonly reason: 'upstream-error' | 'malformed' | 'truncated';
  /** For an upstream's error, in its words: not redacted. */
  readonly message: string;
  /** HTTP status that the error would have had. */
  readonly status: number;
}

/** Turns the stream of an upstream into the stream of a client. */
export interface StreamTranslator {
  event(event: SseEvent): StreamStep;
  /** The connection is at its end. Never `more`. */
  end(): StreamStep;
}

/** An event without a name, as OpenAI sends. */
export function dataEvent(body: JsonBody | '[DONE]'): string {
  return `data: ${body === '[DONE]' ? body : JSON.stringify(body)}\n\n`;
}

/** Data of an event that is named by its `type`. */
export type NamedBody = JsonBody & { readonly type: string };

/** An event named by its `type`, as Anthropic sends. */
export function namedEvent(body: NamedBody): string {
  return `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`;
}

/** The machine of one direction: what an event means, and what the end of the connection means. */
export interface StreamMachine {
  event(event: SseEvent): StreamStep;
  end(): StreamStep;
}

/** Keeps the first end: a stream that ended or failed stays so, whatever comes after. */
export function settled(machine: StreamMachine): StreamTranslator {
  let last: StreamStep | undefined;
  function keep(step: StreamStep): StreamStep {
    if (step.kind === 'ended') last = { ...step, texts: [] };
    if (step.kind === 'failed') last = step;
    return step;
  }
  return {
    event: (event) => last ?? keep(machine.event(event)),
    end: () => last ?? keep(machine.end()),
  };
}

export function malformed(message: string): StreamStep {
  return { kind: 'failed', failure: { reason: 'malformed', message, status: 502 } };
}

export function truncated(message: string): StreamStep {
  return { kind: 'failed', failure: { reason: 'truncated', message, status: 502 } };
}
