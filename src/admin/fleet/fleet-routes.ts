import { detailSchema, explainSchema, fleetSchema } from '../../api/index.ts';
import type { Route } from '../../http/index.ts';

const id = { id: 'target id, `model_id`, or a name that only one target has' };

const noTarget = {
  404: { when: 'unknown id or name', schema: detailSchema },
  409: {
    when: 'ambiguous name; the answer lists the ids of its targets, and for each a word that means it alone',
    schema: detailSchema,
  },
};

export const fleet: Route = {
  name: 'fleet',
  method: 'GET',
  paths: ['/fleet'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Complete state of this pod, with reasons',
  answers: { 200: { when: 'always', schema: fleetSchema } },
};

export const fleetEvents: Route = {
  name: 'fleetEvents',
  method: 'GET',
  paths: ['/fleet/events'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Server-sent events: a snapshot, then every change',
  answers: {
    200: { when: 'always; `Last-Event-ID` resumes a stream', type: 'text/event-stream' },
    503: {
      when: '100 readers connected within the last 30 s (see `Retry-After`), or the pod stops',
      schema: detailSchema,
    },
  },
};

export const explain: Route = {
  name: 'explain',
  method: 'GET',
  paths: ['/fleet/targets/{id}'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Reasons for the state of a target, and evidence that would change it',
  params: id,
  answers: { 200: { when: 'the target exists', schema: explainSchema }, ...noTarget },
};

export const checkTarget: Route = {
  name: 'checkTarget',
  method: 'POST',
  paths: ['/fleet/targets/{id}/check'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Check a target now, then explain it',
  params: id,
  answers: { 200: { when: 'the check has finished', schema: explainSchema }, ...noTarget },
};

export const fleetRoutes: readonly Route[] = [fleet, fleetEvents, explain, checkTarget];
