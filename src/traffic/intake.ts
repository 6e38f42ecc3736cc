import { createWindow, LITELLM_WITNESS } from '../health/index.ts';
import type { StoreTime, TargetId, TrafficWindow } from '../health/index.ts';
import type { Clock, Logger, ObservationSink, TrafficMetrics } from '../ports/index.ts';
import { batchOf } from './batch.ts';
import { dateBatch } from './batch-dates.ts';
import type { Dated } from './batch-dates.ts';
import { createEventProblems } from './event-problems.ts';
import type { EventProblem } from './event-problems.ts';
import { evidenceOf } from './evidence.ts';
import { createIntakeLimits, LITELLM_LIMITS } from './intake-limits.ts';
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
  const count = (
    target: TargetId,
    { item: event, at, endedAt }: Dated<LitellmEvent>,
    time: StoreTime,
  ): TargetId | undefined => {
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

  const countUnprobed = ({ item: event, at, endedAt }: Dated<LitellmEvent>): void => {
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
      const target = targets.get(one.item.modelId);
      if (target === undefined && unprobed.has(one.item.modelId)) countUnprobed(one);
      else if (target === undefined) unknown.push(one.item.modelId);
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
    limits: createIntakeLimits(clock, LITELLM_LIMITS),
  };
}

interface ReadBatch {
  readonly dated: readonly Dated<LitellmEvent>[];
  readonly ignored: ReadonlyMap<IgnoredWhy, number>;
}

function read(payloads: readonly unknown[], now: StoreTime): ReadBatch {
  const ignored = new Map<IgnoredWhy, number>();
  const ignore = (why: IgnoredWhy): void => void ignored.set(why, (ignored.get(why) ?? 0) + 1);
  const readable: LitellmEvent[] = [];
  for (const payload of payloads) {
    const found = readEvent(payload);
    if (found.kind === 'ignored') ignore(found.why);
    else readable.push(found.event);
  }
  const { dated, invalid, tooOld } = dateBatch(readable, now);
  for (const _event of invalid) ignore('no valid times');
  for (const _event of tooOld) ignore('too old');
  return { dated, ignored };
}
