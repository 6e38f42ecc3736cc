import type { LitellmEventsBody } from '../../api/index.ts';
import { bind, errorAnswer, jsonAnswer, jsonExcess } from '../../http/index.ts';
import type { BoundRoute, Call } from '../../http/index.ts';
import type { Clock } from '../../ports/index.ts';
import { MAX_BATCH_BYTES } from '../../traffic/index.ts';
import type { TrafficIntake } from '../../traffic/index.ts';
import * as trafficRoute from './traffic-routes.ts';

/** What a batch may hold beside its bytes: LiteLLM's events are 20 levels deep at most, with about 300 values each. */
const LIMITS = { depth: 64, values: 1_000_000 };

const giveKey =
  "give LiteLLM, in GENERIC_LOGGER_HEADERS, the key whose hash is in this pod's fleet_health.keys with role events";

/** Time for a whole body. A slow one would keep its place from all other senders. */
const BODY_MS = 10_000;

interface Parts {
  readonly intake: TrafficIntake;
  readonly clock: Pick<Clock, 'setTimer'>;
}

/** Endpoints that take evidence from real traffic. */
export function trafficEndpoints({ intake, clock }: Parts): readonly BoundRoute[] {
  const route = bind(trafficRoute.litellmEvents, async (call) => await litellmEvents(call, { intake, clock }));
  return [{ ...route, denied: (why) => intake.refused(`${why}. To fix: ${giveKey}`) }];
}

async function litellmEvents({ bytes }: Pick<Call, 'bytes'>, { intake, clock }: Parts): Promise<Response> {
  const leave = intake.limits.enter();
  if (leave === undefined) return refused(intake, 429, 'Too many batches are being read at once.');
  const deadline = new AbortController();
  const timer = clock.setTimer(BODY_MS, () => deadline.abort());
  try {
    const body = await bytes(MAX_BATCH_BYTES, deadline.signal);
    if (body.kind === 'late') return refused(intake, 408, `The request body did not come within ${BODY_MS / 1_000} s.`);
    if (body.kind === 'too-large') {
      return refused(intake, 413, `The request body is larger than ${MAX_BATCH_BYTES} bytes.`);
    }
    if (body.kind === 'unreadable') return refused(intake, 400, 'The request body cannot be read to its end.');
    if (!intake.limits.spend(body.bytes.byteLength)) return refused(intake, 429, 'Batches exceed 16 MiB per second.');
    return taken(body.bytes.toString('utf8'), intake);
  } finally {
    timer.cancel();
    leave();
  }
}

function taken(text: string, intake: TrafficIntake): Response {
  const excess = jsonExcess(text, LIMITS);
  if (excess !== undefined) return refused(intake, 400, `The request body ${excess}.`);
  const result = intake.take(text);
  if (result.kind !== 'taken') return fault(result.kind === 'too-many' ? 413 : 400, result.why);
  const { accepted, unknown, ignored } = result;
  const sum = [...ignored.values()].reduce((all, count) => all + count, 0);
  return jsonAnswer<LitellmEventsBody>({ accepted, unknown, ignored: sum, ignored_why: Object.fromEntries(ignored) });
}

function refused(intake: TrafficIntake, status: 400 | 408 | 413 | 429, why: string): Response {
  intake.refused(why);
  const answer = fault(status, why);
  if (status === 429) answer.headers.set('retry-after', '1');
  if (status === 408) answer.headers.set('connection', 'close');
  return answer;
}

function fault(status: 400 | 408 | 413 | 429, message: string): Response {
  return errorAnswer(status, { message, type: 'invalid_request_error', param: 'request_body' });
}
