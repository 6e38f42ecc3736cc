import { describe, expect, it } from 'vitest';
import { routedTable } from '../../src/server/http/route-table.ts';
import type { Route } from '../../src/http/index.ts';
import { upView } from './fleet-double.ts';
import { ADMIN, EVENTS, measuredPod, SCOPED } from './measured-pod.ts';

// Every route of the router, every kind of key; test/gateway/keys.test.ts has those of the byte path. The rows are written by hand: a route that is new, or that changes who may ask, fails
// here until somebody has said so twice.

/** Statuses without a key, with a wrong one, a scoped one, an admin's, one for events. `in`: let through to the handler. */
type Row = readonly [
  none: 401 | 404 | 'in',
  wrong: 401 | 404 | 'in',
  scoped: 403 | 404 | 'in',
  admin: 404 | 'in',
  events: 403 | 404 | 'in',
];

const open: Row = ['in', 'in', 'in', 'in', 'in'];
const keyed: Row = [401, 401, 'in', 'in', 403];
const admins: Row = [401, 401, 403, 'in', 403];
const events: Row = [401, 401, 403, 'in', 'in'];
/** No key opens it: it has a token of its own, and is not there without one. */
const closed: Row = [404, 404, 404, 404, 404];

const rows: Readonly<Record<string, Row>> = {
  'GET /health': keyed,
  'GET /health/history': admins,
  'GET /health/latest': admins,
  'GET /health/shared-status': admins,
  'GET /health/services': keyed,
  'POST /health/test_connection': admins,
  'GET /health/license': admins,
  'GET /health/readiness': open,
  'GET /health/readiness/details': admins,
  'GET /health/liveliness': open,
  'GET /health/liveness': open,
  'OPTIONS /health/readiness': open,
  'OPTIONS /health/liveliness': open,
  'OPTIONS /health/liveness': open,
  'GET /health/backlog': admins,
  'GET /health/drain': closed,
  'POST /fleet/targets/{id}/drain': admins,
  'POST /fleet/targets/{id}/undrain': admins,
  'POST /fleet/targets/{id}/hold-up': admins,
  'POST /fleet/probing/pause': admins,
  'POST /fleet/probing/resume': admins,
  'POST /fleet/cooldowns/{mode}': admins,
  'GET /fleet/history': admins,
  'GET /fleet/slo': admins,
  'GET /fleet/alerts': admins,
  'POST /fleet/alerts/test': admins,
  'POST /litellm/events': events,
  'GET /fleet/targets/{id}/up': admins,
  'GET /groups/{name}/up': admins,
  'POST /fleet/observations': events,
  'GET /fleet': admins,
  'GET /fleet/events': admins,
  'GET /fleet/targets/{id}': admins,
  'POST /fleet/targets/{id}/check': admins,
  'GET /v1/models': keyed,
  'GET /models': keyed,
  'GET /v1/models/{name}': keyed,
  'GET /models/{name}': keyed,
  'GET /v1/model/info': keyed,
  'GET /model/info': keyed,
  'GET /metrics': open,
  'GET /metrics/fleet': open,
  'GET /openapi.json': open,
  'GET /active/callbacks': admins,
  'GET /settings': admins,
  'GET /': open,
  'GET /test': open,
  // Off by default.
  'GET /status': closed,
  'GET /status/badges/{group}.svg': closed,
  'GET /ui': open,
  'GET /ui/': open,
  // No file has this name.
  'GET /ui/{file}': closed,
};

const listed = routedTable.flatMap((route) =>
  route.paths.map((path) => ({ name: `${route.method} ${path}`, route, path })),
);

it('every route of the table has a row, and every row a route', () => {
  expect(listed.map(({ name }) => name).toSorted()).toEqual(Object.keys(rows).toSorted());
});

describe.each(listed)('$name', ({ name, route, path }) => {
  it.each([
    ['no key', undefined, 0],
    ['a wrong key', 'sk-wrong', 1],
    ['a scoped key', SCOPED, 2],
    ["an admin's key", ADMIN, 3],
    ['the master key', 'sk-master', 3],
    ['a key for events', EVENTS, 4],
  ] as const)('with %s', async (_, key, at) => {
    const pod = measuredPod();
    pod.fleet.set(upView(pod.target('ok-chat')));
    const answer = await pod.handle(requestOf(route, path, { key, id: pod.target('ok-chat') }));
    const { status } = answer;
    const refused = [401, 403, 404, 500].includes(status);
    expect(refused ? status : 'in').toBe(rows[name]?.[at]);
    await answer.body?.cancel();
  });
});

it.each(['/metrics', '/metrics/fleet'])('%s is for admins where the configuration says so', async (path) => {
  const pod = measuredPod('background_health_checks: true', ['ok-chat'], 'fleet_health: { metrics_auth: key }');
  expect((await pod.handle(new Request(`http://pod${path}`))).status).toBe(401);
  expect((await pod.get(path)).status).toBe(200);
});

function requestOf(route: Route, path: string, { key, id }: { key: string | undefined; id: string }): Request {
  const url = `http://pod${path.replace('{name}', 'ok-chat').replace('{id}', id)}${route.name === 'services' ? '?service=slack' : ''}`;
  const body = route.body === undefined ? {} : { body: JSON.stringify({ litellm_params: { model: 'ok-chat' } }) };
  return new Request(url, {
    method: route.method,
    ...body,
    ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
  });
}
