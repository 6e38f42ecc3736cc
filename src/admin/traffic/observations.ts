import { observationSchema, reporterSchema } from '../../api/index.ts';
import type { ObservationBody, ObservationProblemBody, ObservationsTakenBody } from '../../api/index.ts';
import { parseJson } from '../../health/index.ts';
import { bind, jsonAnswer } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { Clock } from '../../ports/index.ts';
import { MAX_OBSERVATION_BYTES, MAX_OBSERVATIONS } from '../../traffic/index.ts';
import type { ObservationIntake, ReportedObservation } from '../../traffic/index.ts';
import { readBatch, refused } from './read-batch.ts';
import type { BatchReader, RefusalStatus } from './read-batch.ts';
import * as trafficRoute from './traffic-routes.ts';

const LIMITS = { depth: 8, values: 100_000 };
/** Problems that an answer names. */
const MOST_PROBLEMS = 10;

const giveKey = "send an admin key, or one whose hash is in this pod's fleet_health.keys with role events";

interface Parts {
  readonly reports: ObservationIntake;
  readonly clock: Pick<Clock, 'setTimer'>;
}

/** The endpoint that takes results of other programs' requests. */
export function observationsEndpoint({ reports, clock }: Parts): BoundRoute {
  const reader: BatchReader = {
    maxBytes: MAX_OBSERVATION_BYTES,
    maxJson: LIMITS,
    rate: '2 MiB per second',
    limits: reports.limits,
    clock,
    refused: (why) => reports.refused(why),
  };
  const route = bind(trafficRoute.observations, async (call) => {
    return await readBatch(call, reader, (text) => {
      const batch = readObservations(text, call.peer);
      return batch.kind === 'batch' ? taken(batch, reports) : refused(reports, batch.status, batch.why, batch.field);
    });
  });
  return { ...route, denied: (why) => reports.refused(`${why}. To fix: ${giveKey}`) };
}

/** A batch with the places of its readable observations; or why it is none. */
type ReadBatch =
  | {
      readonly kind: 'batch';
      readonly reporter: string;
      readonly name: string | undefined;
      readonly observations: readonly ReportedObservation[];
      /** Place in the body of each of them. */
      readonly places: readonly number[];
      readonly problems: readonly ObservationProblemBody[];
    }
  | { readonly kind: 'refused'; readonly status: RefusalStatus; readonly why: string; readonly field?: string };

function readObservations(text: string, peer: string | undefined): ReadBatch {
  const body = parseJson(text);
  if (!isObject(body)) return { kind: 'refused', status: 400, why: 'The request body is not a JSON object.' };
  const { reporter, observations: items } = body;
  const name = reporterSchema.optional().safeParse(reporter);
  if (!name.success) return refusedField('reporter', 'a name of 1 to 64 letters, digits, dots, colons, _ and -');
  if (!Array.isArray(items)) return refusedField('observations', 'an array');
  if (items.length > MAX_OBSERVATIONS) {
    return { kind: 'refused', status: 413, why: `The batch has more than ${MAX_OBSERVATIONS} observations.` };
  }
  const read = items.map((item, place) => ({ place, result: observationSchema.safeParse(item) }));
  const good = read.flatMap(({ place, result }) => (result.success ? [{ place, data: result.data }] : []));
  const problems = read.flatMap(({ place, result }) => {
    const [issue] = result.error?.issues ?? [];
    return issue === undefined ? [] : [{ item: place, field: issue.path.join('.'), why: issue.message }];
  });
  const [first] = problems;
  if (first !== undefined && good.length === 0) {
    const field = `observations.${first.item}${first.field === '' ? '' : `.${first.field}`}`;
    return { kind: 'refused', status: 400, why: `${field}: ${first.why}`, field };
  }
  const observations = good.map(({ data }) => reportedOf(data));
  return {
    kind: 'batch',
    reporter: name.data ?? peer ?? 'unknown',
    name: name.data,
    observations,
    places: good.map(({ place }) => place),
    problems,
  };
}

function refusedField(field: string, expected: string): ReadBatch {
  return { kind: 'refused', status: 400, why: `${field}: must be ${expected}`, field };
}

function reportedOf(body: ObservationBody): ReportedObservation {
  const { target = '', deployment, ok, class: failure, status, at } = body;
  return {
    about: deployment === undefined ? { target } : { deployment },
    ok: ok ?? false,
    ...(failure !== undefined && { class: failure }),
    ...(status !== undefined && { status }),
    ...(body.first_token_ms !== undefined && { firstTokenMs: body.first_token_ms }),
    ...(body.duration_ms !== undefined && { durationMs: body.duration_ms }),
    ...(body.retry_after_ms !== undefined && { retryAfterMs: body.retry_after_ms }),
    ...(at !== undefined && { atMs: typeof at === 'number' ? at * 1_000 : Date.parse(at) }),
  };
}

function taken(batch: Extract<ReadBatch, { kind: 'batch' }>, reports: ObservationIntake): Response {
  const { reporter, name, observations, places } = batch;
  const { accepted, unknown, tooOld, invalid } = reports.take({
    reporter,
    ...(name !== undefined && { name }),
    observations,
    faulty: batch.problems.length,
  });
  const ofAt = (found: readonly number[], why: string): readonly ObservationProblemBody[] =>
    found.map((place) => ({ item: places[place] ?? place, field: 'at', why }));
  const problems = [
    ...batch.problems,
    ...ofAt(tooOld, 'more than 60 s ago'),
    ...ofAt(invalid, 'in the future, unlike the rest of the batch'),
  ].toSorted((a, b) => a.item - b.item);
  const shown = problems.slice(0, MOST_PROBLEMS);
  return jsonAnswer<ObservationsTakenBody>({ accepted, unknown, ignored: problems.length, problems: shown });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
