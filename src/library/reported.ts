import type { FailureClass } from '../health/index.ts';
import { readRefusal } from '../providers/wire/index.ts';
import type { AttemptOutcome } from '../routing/index.ts';

/** What a call outside of this library showed about an upstream. Durations in ms. */
export type ReportedOutcome =
  | { readonly ok: true; readonly firstByteMs?: number; readonly durationMs?: number }
  | {
      readonly ok: false;
      /** Unless given, by the status; `network` without either. */
      readonly class?: FailureClass;
      /** HTTP status of the answer. */
      readonly status?: number;
      /** `Retry-After` of the answer. */
      readonly retryAfterMs?: number;
      readonly durationMs?: number;
    };

/** As routing takes it. A status that says nothing about the upstream, such as 400, is a fault of the caller. */
export function reportedOutcome(given: ReportedOutcome | 'neutral', tookMs: number): AttemptOutcome {
  if (given === 'neutral') return { kind: 'neutral', durationMs: tookMs };
  const durationMs = given.durationMs ?? tookMs;
  if (given.ok) return { kind: 'success', firstByteMs: given.firstByteMs ?? durationMs, durationMs };
  const { status, retryAfterMs } = given;
  const phase = 'before-first-byte' as const;
  const more = { phase, durationMs, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (given.class !== undefined) {
    return { kind: 'failure', class: given.class, ...(status !== undefined && { status }), ...more };
  }
  if (status === undefined) return { kind: 'failure', class: 'network', ...more };
  const found = readRefusal({ status, headers: {}, text: '' }, 0);
  return found.kind === 'caller-fault' ? { ...found, durationMs } : { ...found, ...more };
}
