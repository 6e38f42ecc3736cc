import { hostOfReporter } from '../health/index.ts';
import type { HostId, StoreTime, TargetId, TrafficWindow, WindowVerdict } from '../health/index.ts';
import type { Clock, Logger, ObservationMetrics, ObservationSink } from '../ports/index.ts';
import { dateBatch } from './batch-dates.ts';
import type { Dated } from './batch-dates.ts';
import { createIntakeLimits } from './intake-limits.ts';
import type { IntakeLimits } from './intake-limits.ts';
import type { KnownDeployment } from './intake.ts';
import { reportedEvidence } from './observation.ts';
import type { ReportedObservation } from './observation.ts';
import { createObservationLog } from './observation-log.ts';
import { createObservationWindows } from './observation-windows.ts';
import type { UnprobedTraffic } from './unprobed-traffic.ts';

/** Most bytes of one body of observations. */
export const MAX_OBSERVATION_BYTES: number = 1024 * 1024;
/** Most observations of one batch. */
export const MAX_OBSERVATIONS = 5_000;
const LIMITS = { atOnce: 8, bytesPerSecond: 2 * 1024 * 1024, burstBytes: 8 * 1024 * 1024 };

/** Turns reported results of other programs' requests into evidence. Keeps counts of the last minute, and no result. */
export interface ObservationIntake {
  /** Knows these deployments and their targets from now on, and no others. */
  know(deployments: readonly KnownDeployment[]): void;
  take(batch: ObservationBatch): TakenObservations;
  /** Notes that a request was refused. */
  refused(why: string): void;
  readonly limits: IntakeLimits;
}

/** What one reporter sent, as far as it could be read. */
export interface ObservationBatch {
  /** Name of the reporter or address of its host, without spaces. */
  readonly reporter: string;
  /** Name that the reporter gave itself. */
  readonly name?: string;
  readonly observations: readonly ReportedObservation[];
  /** Observations that could not be read. */
  readonly faulty: number;
}

export interface TakenObservations {
  /** Observations of known targets; also those that prove nothing. */
  readonly accepted: number;
  readonly unknown: number;
  /** Places in the batch of those that ended more than a minute ago. */
  readonly tooOld: readonly number[];
  /** Places of those in the future that do not fit the rest of their batch. */
  readonly invalid: readonly number[];
}

export interface ObservationPorts {
  readonly sink: ObservationSink;
  readonly unprobed: UnprobedTraffic;
  readonly metrics: ObservationMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** This pod's estimate of the store's clock. */
  readonly now: () => StoreTime;
}

/** An observation, and its place in its batch. */
interface Placed {
  readonly place: number;
  readonly observation: ReportedObservation;
  readonly startMs: number;
  readonly endMs: number;
}

/** Begins without any deployment. */
export function createObservationIntake(ports: ObservationPorts): ObservationIntake {
  const { metrics, logger, clock, now } = ports;
  const log = createObservationLog(logger, clock);
  const windows = createObservationWindows(() => log.windowLost());
  let targets: ReadonlySet<TargetId> = new Set();
  let byModelId: ReadonlyMap<string, TargetId> = new Map();

  const targetOf = ({ about }: ReportedObservation): TargetId | undefined => {
    if ('deployment' in about) return byModelId.get(about.deployment);
    return targets.has(about.target) ? about.target : undefined;
  };

  const takeAll = (
    { reporter, name }: ObservationBatch,
    all: readonly Dated<Placed>[],
    time: StoreTime,
  ): readonly string[] => {
    const changed = new Map<TargetId, TrafficWindow>();
    const unknown: string[] = [];
    for (const { item, at, endedAt } of all) {
      const { observation, startMs, endMs } = item;
      const { about } = observation;
      const target = targetOf(observation);
      const unprobed = 'deployment' in about && ports.unprobed.has(about.deployment) ? about.deployment : undefined;
      if (target === undefined && unprobed === undefined) {
        unknown.push('deployment' in about ? about.deployment : about.target);
        continue;
      }
      const evidence = reportedEvidence(observation, name);
      metrics.observed('external', evidence.kind === 'failure' ? evidence.failure.class : evidence.kind);
      if (evidence.kind === 'neutral') continue;
      const failure = evidence.kind === 'failure' ? evidence.failure : undefined;
      if (target !== undefined) {
        const window = windows.of(reporter, target, clock.monotonicMs());
        const latencyMs = observation.firstTokenMs ?? endMs - startMs;
        const request = { at, endedAt, latencyMs };
        if (evidence.kind === 'success') window.add({ ...request, result: 'ok' }, time);
        else window.add({ ...request, result: evidence.effect, failure: evidence.failure }, time);
        changed.set(target, window);
      } else if (unprobed !== undefined) {
        if (failure === undefined) ports.unprobed.succeeded(unprobed, endedAt);
        else ports.unprobed.failed(unprobed, at, failure);
      }
    }
    const witness = hostOfReporter(reporter);
    for (const [target, window] of changed) report(ports.sink, { target, witness }, window.verdict(time));
    return unknown;
  };

  return {
    know: (deployments) => {
      byModelId = new Map(
        deployments.flatMap(({ modelId, formerModelId = modelId, targetId }) => {
          return [modelId, formerModelId].map((id) => [id, targetId] as const);
        }),
      );
      targets = new Set(byModelId.values());
      windows.keep(targets);
    },
    take: (batch) => {
      const { observations, faulty } = batch;
      const time = now();
      const placed = observations.map((observation, place) => placedOf(observation, place, time));
      const {
        dated: stated,
        invalid,
        tooOld,
      } = dateBatch(
        placed.filter(({ observation }) => observation.atMs !== undefined),
        time,
      );
      const dated = [...stated, ...placed.flatMap((one) => undated(one, time))];
      const unknown = takeAll(batch, dated, time);
      const accepted = dated.length - unknown.length;
      const ignored = faulty + invalid.length + tooOld.length;
      metrics.received({ accepted, unknown: unknown.length, ignored });
      log.taken({ unknown, ignored, tooOld: tooOld.length });
      return { accepted, unknown: unknown.length, tooOld: placesOf(tooOld), invalid: placesOf(invalid) };
    },
    refused: (why) => log.refused(why),
    limits: createIntakeLimits(clock, LIMITS),
  };
}

/** Its `at` is the end of the request; the batch as a whole is dated by {@link dateBatch}. */
function placedOf(observation: ReportedObservation, place: number, now: StoreTime): Placed {
  const { atMs = now / 1_000, firstTokenMs = 0, durationMs = firstTokenMs } = observation;
  return { place, observation, startMs: atMs - durationMs, endMs: atMs };
}

/** A clock that is ahead moves no observation that is not dated. */
function undated(item: Placed, now: StoreTime): readonly Dated<Placed>[] {
  if (item.observation.atMs !== undefined) return [];
  return [{ item, at: Math.floor(now - (item.endMs - item.startMs) * 1_000), endedAt: now }];
}

function placesOf(items: readonly Placed[]): readonly number[] {
  return items.map(({ place }) => place);
}

function report(
  sink: ObservationSink,
  about: { readonly target: TargetId; readonly witness: HostId },
  judged: WindowVerdict | undefined,
): void {
  if (judged === undefined) return;
  const { verdict, request } = judged;
  sink.report({
    ...about,
    at: request.at,
    ok: verdict === 'success',
    ...(request.failure !== undefined && { failure: request.failure }),
    latencyMs: request.latencyMs,
    verdict,
  });
}
