import type { FailureClass } from '../health/index.ts';
import { readRefusal } from '../providers/wire/index.ts';
import type { AttemptOutcome } from '../routing/index.ts';
import { shownValue } from './shown-value.ts';

/** What a call outside of this library showed about an upstream. Durations in ms. */
export type ReportedOutcome =
  | { readonly ok: true; readonly firstByteMs?: number; readonly durationMs?: number }
  | {
      readonly ok: false;
      /** Unless given, by the status; `server` without either. */
      readonly class?: FailureClass;
      /** HTTP status of the answer. */
      readonly status?: number;
      /** `Retry-After` of the answer. */
      readonly retryAfterMs?: number;
      readonly durationMs?: number;
    };

/** When and where a call ended whose outcome says neither. */
export interface CallFacts {
  readonly tookMs: number;
  readonly kind: 'llm' | 'http';
}

const CLASSES: ReadonlySet<string> = new Set<FailureClass>([
  'network',
  'timeout',
  'server',
  'overloaded',
  'quota',
  'auth',
  'not-found',
]);

/**
 * Checks what a caller reports: what is written to the store must be readable in every process.
 *
 * @throws TypeError for a value that is no duration, status or class of failure
 */
export function checkReported(given: ReportedOutcome): void {
  for (const name of ['firstByteMs', 'durationMs', 'retryAfterMs'] as const) {
    const value: unknown = (given as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value < Infinity)) {
      throw new TypeError(`${name} is ${shownValue(value)}: use a number of milliseconds, 0 or more`);
    }
  }
  if (given.ok) return;
  const { status, class: failure } = given;
  if (status !== undefined && !(Number.isInteger(status) && status >= 100 && status <= 599)) {
    throw new TypeError(`status is ${shownValue(status)}: use an HTTP status from 100 to 599`);
  }
  if (failure !== undefined && !CLASSES.has(failure)) {
    throw new TypeError(`class is "${failure}": use one of ${[...CLASSES].join(', ')}`);
  }
}

/** As routing takes it. A status that says nothing about the upstream, such as 400, is a fault of the caller. */
export function reportedOutcome(given: ReportedOutcome | 'neutral', { tookMs, kind }: CallFacts): AttemptOutcome {
  if (given === 'neutral') return { kind: 'neutral', durationMs: tookMs };
  const durationMs = given.durationMs ?? tookMs;
  if (given.ok) return { kind: 'success', firstByteMs: given.firstByteMs ?? durationMs, durationMs };
  const { status, retryAfterMs } = given;
  const phase = 'before-first-byte' as const;
  const more = { phase, durationMs, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (given.class !== undefined) {
    return { kind: 'failure', class: given.class, ...(status !== undefined && { status }), ...more };
  }
  if (status === undefined) return { kind: 'failure', class: 'server', ...more };
  // Of a plain HTTP API, only these are failures.
  if (kind === 'http' && status < 500 && status !== 408 && status !== 429) {
    return { kind: 'caller-fault', fault: 'bad-request', status, durationMs };
  }
  const found = readRefusal({ status, headers: {}, text: '' }, 0);
  return found.kind === 'caller-fault' ? { ...found, durationMs } : { ...found, ...more };
}
