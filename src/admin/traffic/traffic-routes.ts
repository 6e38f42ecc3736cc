import {
  errorSchema,
  litellmBatchSchema,
  litellmEventsSchema,
  observationBatchSchema,
  observationsTakenSchema,
} from '../../api/index.ts';
import type { Route } from '../../http/index.ts';

export const litellmEvents: Route = {
  name: 'litellmEvents',
  method: 'POST',
  paths: ['/litellm/events'],
  auth: 'events',
  group: 'Fleet',
  summary: "Take the results of users' requests from LiteLLM's `generic_api` callback",
  rawBody: litellmBatchSchema,
  answers: {
    200: { when: 'taken; the answer counts the events that were ignored, by reason', schema: litellmEventsSchema },
    400: { when: 'the body is no batch, or nested too deeply; nothing of it was counted', schema: errorSchema },
    408: { when: 'the body did not come within 10 s; nothing of it was counted', schema: errorSchema },
    413: { when: 'more than 8 MiB or 5,000 events; nothing of it was counted', schema: errorSchema },
    429: {
      when: 'more than 16 MiB per second after a burst of 64 MiB, or more than 8 bodies at the same time; nothing of it was counted',
      schema: errorSchema,
    },
  },
};

export const observations: Route = {
  name: 'observations',
  method: 'POST',
  paths: ['/fleet/observations'],
  auth: 'events',
  group: 'Fleet',
  summary: 'Take the results of requests that another program sent to upstreams',
  rawBody: observationBatchSchema,
  answers: {
    200: { when: 'taken; the answer counts what was accepted, and says what was not', schema: observationsTakenSchema },
    400: { when: 'the body is no batch, or has no valid observation; nothing of it was counted', schema: errorSchema },
    408: { when: 'the body did not come within 10 s; nothing of it was counted', schema: errorSchema },
    413: { when: 'more than 1 MiB or 5,000 observations; nothing of it was counted', schema: errorSchema },
    429: {
      when: 'more than 2 MiB per second after a burst of 8 MiB, or more than 8 bodies at the same time; nothing of it was counted',
      schema: errorSchema,
    },
  },
};

export const trafficRoutes: readonly Route[] = [litellmEvents, observations];
