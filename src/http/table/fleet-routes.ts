import { detailSchema, explainSchema, fleetSchema } from '../../api/index.ts';
import type { Route } from '../route.ts';

const id = { id: "a target's id, a `model_id`, or a name that only one target has" };

const noTarget = {
  404: { when: 'nothing has this id or name', schema: detailSchema },
  409: { when: 'a name that several targets have; their ids are in the answer', schema: detailSchema },
};

export const fleet: Route = {
  name: 'fleet',
  method: 'GET',
  paths: ['/fleet'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Everything this pod knows, with reasons',
  answers: { 200: { when: 'always', schema: fleetSchema } },
};

export const fleetEvents: Route = {
  name: 'fleetEvents',
  method: 'GET',
  paths: ['/fleet/events'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'The view as a stream: a snapshot, then every change',
  answers: {
    200: { when: 'always; `Last-Event-ID` goes on where a stream broke off', type: 'text/event-stream' },
    503: {
      when: 'a hundred readers came within the last 30 s (`Retry-After` says when there is room), or the pod stops',
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
  summary: 'Why a target is judged as it is, and what would change that',
  params: id,
  answers: { 200: { when: 'there is such a target', schema: explainSchema }, ...noTarget },
};

export const checkTarget: Route = {
  name: 'checkTarget',
  method: 'POST',
  paths: ['/fleet/targets/{id}/check'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Brings a target up to date, then explains it',
  params: id,
  answers: { 200: { when: 'the check is over', schema: explainSchema }, ...noTarget },
};

export const fleetRoutes: readonly Route[] = [fleet, fleetEvents, explain, checkTarget];
