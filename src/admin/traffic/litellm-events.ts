import type { LitellmEventsBody } from '../../api/index.ts';
import { bind, jsonAnswer } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { Clock } from '../../ports/index.ts';
import { MAX_BATCH_BYTES } from '../../traffic/index.ts';
import type { TrafficIntake } from '../../traffic/index.ts';
import { fault, readBatch } from './read-batch.ts';
import type { BatchReader } from './read-batch.ts';
import * as trafficRoute from './traffic-routes.ts';

/** What a batch may hold beside its bytes: LiteLLM's events are 20 levels deep at most, with about 300 values each. */
const LIMITS = { depth: 64, values: 1_000_000 };

const giveKey =
  "give LiteLLM, in GENERIC_LOGGER_HEADERS, the key whose hash is in this pod's fleet_health.keys with role events";

interface Parts {
  readonly intake: TrafficIntake;
  readonly clock: Pick<Clock, 'setTimer'>;
}

/** The endpoint that takes LiteLLM's events. */
export function litellmEventsEndpoint({ intake, clock }: Parts): BoundRoute {
  const reader: BatchReader = {
    maxBytes: MAX_BATCH_BYTES,
    maxJson: LIMITS,
    rate: '16 MiB per second',
    limits: intake.limits,
    clock,
    refused: (why) => intake.refused(why),
  };
  const route = bind(trafficRoute.litellmEvents, async (call) => {
    return await readBatch(call, reader, (text) => taken(text, intake));
  });
  return { ...route, denied: (why) => intake.refused(`${why}. To fix: ${giveKey}`) };
}

function taken(text: string, intake: TrafficIntake): Response {
  const result = intake.take(text);
  if (result.kind !== 'taken') return fault(result.kind === 'too-many' ? 413 : 400, result.why);
  const { accepted, unknown, ignored } = result;
  const sum = [...ignored.values()].reduce((all, count) => all + count, 0);
  return jsonAnswer<LitellmEventsBody>({ accepted, unknown, ignored: sum, ignored_why: Object.fromEntries(ignored) });
}
