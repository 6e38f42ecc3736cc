import type { Route } from '../route.ts';
import * as shape from './fleet-shapes.ts';
import { detail } from './shapes.ts';

const id = { id: "a target's id, a `model_id`, or a name that only one target has" };

const noTarget = {
  404: { when: 'no target has this id or name', schema: detail },
  409: { when: 'several targets have this name; the answer lists their ids', schema: detail },
};

export const fleet: Route = {
  name: 'fleet',
  method: 'GET',
  paths: ['/fleet'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'State of the fleet as this pod knows it, with reasons',
  answers: { 200: { when: 'always', schema: shape.fleet } },
};

export const fleetEvents: Route = {
  name: 'fleetEvents',
  method: 'GET',
  paths: ['/fleet/events'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'State of the fleet as a stream: a snapshot, then every change',
  answers: {
    200: { when: 'always; with `Last-Event-ID` an interrupted stream continues', type: 'text/event-stream' },
    503: {
      when: '100 readers connected within the last 30 s (retry after `Retry-After`), or the pod is stopping',
      schema: detail,
    },
  },
};

export const explain: Route = {
  name: 'explain',
  method: 'GET',
  paths: ['/fleet/targets/{id}'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Reasons for the verdict on a target, and what would change it',
  params: id,
  answers: { 200: { when: 'the target exists', schema: shape.explanation }, ...noTarget },
};

export const checkTarget: Route = {
  name: 'checkTarget',
  method: 'POST',
  paths: ['/fleet/targets/{id}/check'],
  auth: 'admin',
  group: 'Fleet',
  summary: 'Checks a target now, then explains its verdict',
  params: id,
  answers: { 200: { when: 'the check has finished', schema: shape.explanation }, ...noTarget },
};

export const fleetRoutes: readonly Route[] = [fleet, fleetEvents, explain, checkTarget];
