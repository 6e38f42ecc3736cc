import { createWindow, isInWindow, LITELLM_WITNESS } from '../health/index.ts';
import type { StoreTime, TargetId, TrafficWindow } from '../health/index.ts';
import type { Clock, Logger, ObservationSink, TrafficMetrics } from '../ports/index.ts';
import { batchOf } from './batch.ts';
import { createEventProblems } from './event-problems.ts';
import type { EventProblem } from './event-problems.ts';
import { evidenceOf } from './evidence.ts';
import { createIntakeLimits } from './intake-limits.ts';
import type { IntakeLimits } from './intake-limits.ts';
import { createIntakeLog, shownId } from './intake-log.ts';
import { readEvent } from './litellm-event.ts';
import type { IgnoredWhy, LitellmEvent } from './litellm-event.ts';
import type { UnprobedTraffic } from './unprobed-traffic.ts';

/** Turns the events of LiteLLM pods into evidence. Keeps counts of the last minute for each target, and no event. */
export interface TrafficIntake {
  /** Knows these deployments from now on, and no others. */
  know(deployments: readonly KnownDeployment[]): void;
  /** Takes one body, whole or not at all. */
  take(body: string): Taken;
  /** Notes that a request was refused before its body was read. */
  refused(why: string): void;
  /** Why requests or events did not count within the last ten minutes. */
  problems(): readonly EventProblem[];
  readonly limits: IntakeLimits;
}

/** A deployment by LiteLLM's id, and the target whose health stands for it. */
export interface KnownDeployment {
  readonly modelId: string;
  /** Its id in LiteLLM before 1.110, if that is another one. */
  readonly formerModelId?: string;
  readonly targetId: TargetId;
}

/** What became of a body. */
export type Taken =
  | {
      readonly kind: 'taken';
      /** Events of known deployments; also those that prove nothing. */
      readonly accepted: number;
      readonly unknown: number;
      readonly ignored: ReadonlyMap<IgnoredWhy, number>;
    }
  | { readonly kind: 'malformed' | 'too-many'; readonly why: string };

export interface IntakePorts {
  readonly sink: ObservationSink;
  /** Takes the events of deployments without probes. */
  readonly unprobed: UnprobedTraffic;
  readonly metrics: TrafficMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** This pod's estimate of the store's clock. */
  readonly now: () => StoreTime;
}

/** Begins without any deployment. */
export function createTrafficIntake({ sink, unprobed, metrics, logger, clock, now }: IntakePorts): TrafficIntake {
  const windows = new Map<TargetId, TrafficWindow>();
  const log = createIntakeLog(logger, clock);
  const problems = createEventProblems(now);
  let targets: ReadonlyMap<string, TargetId> = new Map();

  /** Undefined where the event proves nothing. */
  const count = (target: TargetId, { event, at, endedAt }: DatedEvent, time: StoreTime): TargetId | undefined => {
    const evidence = evidenceOf(event.end);
    metrics.observed('traffic', evidence.kind === 'failure' ? evidence.failure.class : evidence.kind);
    if (evidence.kind === 'neutral') return undefined;
    const window = windows.get(target) ?? createWindow();
    windows.set(target, window);
    const request = { at, endedAt, latencyMs: event.latencyMs };
    if (evidence.kind === 'success') window.add({ ...request, result: 'ok' }, time);
    else window.add({ ...request, result: evidence.effect, failure: evidence.failure }, time);
    return target;
  };

  const countUnprobed = ({ event, at, endedAt }: DatedEvent): void => {
    const evidence = evidenceOf(event.end);
    metrics.observed('traffic', evidence.kind === 'failure' ? evidence.failure.class : evidence.kind);
    if (evidence.kind === 'success') unprobed.succeeded(event.modelId, endedAt);
    else if (evidence.kind === 'failure') unprobed.failed(event.modelId, at, evidence.failure);
  };

  const report = (target: TargetId, at: StoreTime): void => {
    const judged = windows.get(target)?.verdict(at);
    if (judged === undefined) return;
    const { verdict, request } = judged;
    sink.report({
      target,
      at: request.at,
      ok: verdict === 'success',
      ...(request.failure !== undefined && { failure: request.failure }),
      latencyMs: request.latencyMs,
      verdict,
      witness: LITELLM_WITNESS,
    });
  };

  const takeAll = (payloads: readonly unknown[]): Taken => {
    const time = now();
    const { dated, ignored } = read(payloads, time);
    const changed = new Set<TargetId>();
    const unknown: string[] = [];
    for (const one of dated) {
      const target = targets.get(one.event.modelId);
      if (target === undefined && unprobed.has(one.event.modelId)) countUnprobed(one);
      else if (target === undefined) unknown.push(one.event.modelId);
      else if (count(target, one, time) !== undefined) changed.add(target);
    }
    for (const target of changed) report(target, time);
    const accepted = dated.length - unknown.length;
    metrics.events({ accepted, unknown: unknown.length, ignored: payloads.length - dated.length });
    log.taken({ unknown, ignored });
    const last = unknown.at(-1);
    if (last !== undefined) problems.add('unknown', unknown.length, shownId(last));
    const tooOld = ignored.get('too old') ?? 0;
    if (tooOld > 0) problems.add('too-old', tooOld, 'they ended more than 60 s ago');
    return { kind: 'taken', accepted, unknown: unknown.length, ignored };
  };

  const refused = (why: string): void => {
    problems.add('refused', 1, why);
    log.refused(why);
  };

  return {
    know: (deployments) => {
      targets = new Map(
        deployments.flatMap(({ modelId, formerModelId = modelId, targetId }) => {
          return [modelId, formerModelId].map((id) => [id, targetId] as const);
        }),
      );
      const known = new Set(targets.values());
      for (const target of windows.keys()) if (!known.has(target)) windows.delete(target);
    },
    take: (body) => {
      const batch = batchOf(body);
      if (batch.kind === 'events') return takeAll(batch.payloads);
      refused(batch.why);
      return batch;
    },
    refused,
    problems: () => problems.recent(),
    limits: createIntakeLimits(clock),
  };
}

/** An event by the store's clock. */
interface DatedEvent {
  readonly event: LitellmEvent;
  readonly at: StoreTime;
  readonly endedAt: StoreTime;
}

interface ReadBatch {
  readonly dated: readonly DatedEvent[];
  readonly ignored: ReadonlyMap<IgnoredWhy, number>;
}

/** An event further ahead than this has invalid times. */
const MOST_AHEAD_MS = 86_400_000;
/** So has one in the future that ended this much later than most of its batch. */
const MOST_AHEAD_OF_BATCH_MS = 60_000;

/**
 * Reads the events, and dates them by the store's clock. A batch comes from one pod, and no request ends after it was
 * reported: where one does, that pod's clock is ahead by at least so much, and the whole batch is moved back. A clock that
 * is behind looks like a batch that is late, and a late batch must not count as new: its events stay as old as they say.
 *
 *   store 12:00:00, batch ends 12:00:07 → all events 7 s earlier
 *   store 12:00:00, batch ends 11:59:55 → as they are
 */
function read(payloads: readonly unknown[], now: StoreTime): ReadBatch {
  const ignored = new Map<IgnoredWhy, number>();
  const ignore = (why: IgnoredWhy): void => void ignored.set(why, (ignored.get(why) ?? 0) + 1);
  const readable: LitellmEvent[] = [];
  for (const payload of payloads) {
    const found = readEvent(payload);
    if (found.kind === 'ignored') ignore(found.why);
    else if (found.event.endMs > now / 1_000 + MOST_AHEAD_MS) ignore('no valid times');
    else readable.push(found.event);
  }
  const mostEndMs = Math.max(now / 1_000, medianOf(readable.map(({ endMs }) => endMs)) + MOST_AHEAD_OF_BATCH_MS);
  const events = readable.filter(({ endMs }) => endMs <= mostEndMs);
  for (let left = readable.length - events.length; left > 0; left--) ignore('no valid times');
  const newestEndMs = events.reduce((newest, { endMs }) => Math.max(newest, endMs), 0);
  const aheadMs = Math.max(0, newestEndMs - now / 1_000);
  const onStoreClock = (ms: number): StoreTime => Math.min(now, Math.floor((ms - aheadMs) * 1_000));
  const dated = events.flatMap((event): DatedEvent[] => {
    const endedAt = onStoreClock(event.endMs);
    if (isInWindow(endedAt, now)) return [{ event, at: onStoreClock(event.startMs), endedAt }];
    ignore('too old');
    return [];
  });
  return { dated, ignored };
}

/** The lower one of two in the middle; 0 for none. */
function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;
}
