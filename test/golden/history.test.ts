import { describe, expect, it } from 'vitest';
import type { HistoryBody } from '../../src/api/index.ts';
import type { HistoryPoint } from '../../src/ports/index.ts';
import { NOW, PROBER, upView } from './fleet-double.ts';
import { measuredPod } from './measured-pod.ts';

const MINUTE_US = 60_000_000;

function point(ago: number, over: Partial<HistoryPoint> = {}): HistoryPoint {
  const seen = { pod: PROBER, kind: 'ok', level: 'inference', reason: 'scheduled', latencyMs: 12.5 } as const;
  return { at: NOW - ago * MINUTE_US, ...seen, ...over };
}

const broken = { kind: 'failed', class: 'server', message: 'status 500, key sk-upstream' } as const;

function remembering() {
  const pod = measuredPod(undefined, ['ok-chat', 'ok-embed']);
  const [chat, embed] = [pod.target('ok-chat'), pod.target('ok-embed')];
  pod.fleet.remembered = {
    kind: 'read',
    histories: [
      { target: chat, points: [point(1), point(7, broken), point(9)], repeats: [] },
      { target: embed, points: [point(5, { kind: 'overloaded' })], repeats: [] },
    ],
  };
  const ask = async (query = '') => {
    const answer = await pod.get(`/health/history${query}`);
    return (await answer.json()) as HistoryBody;
  };
  return { pod, chat, ask };
}

describe('GET /health/history', () => {
  it("shows what probes saw, newest first, in LiteLLM's rows, and no secret", async () => {
    const { pod, chat } = remembering();
    const answer = await pod.get('/health/history?model=ok-chat&limit=2');
    expect(answer.status).toBe(200);
    const { modelId } = pod.config.deployments.find(({ modelName }) => modelName === 'ok-chat')!;
    const row = (at: number, when: string, rest: string): string =>
      `{"health_check_id":"${modelId}-${at}","model_name":"ok-chat","model_id":"${modelId}",${rest},"checked_by":"${PROBER}","checked_at":"${when}","created_at":"${when}"}`;
    const well = `"status":"healthy","healthy_count":1,"unhealthy_count":0,"error_message":null,"response_time_ms":12.5,"details":{"target":"${chat}","level":"inference","reason":"scheduled"}`;
    const ill = `"status":"unhealthy","healthy_count":0,"unhealthy_count":1,"error_message":"server: status 500, key [redacted]","response_time_ms":12.5,"details":{"target":"${chat}","level":"inference","reason":"scheduled","class":"server"}`;
    const rows = [
      row(NOW - MINUTE_US, '2026-11-22T11:56:41.000Z', well),
      row(NOW - 7 * MINUTE_US, '2026-11-22T11:50:41.000Z', ill),
    ];
    expect(await answer.text()).toBe(`{"health_checks":[${rows.join()}],"total_records":2,"limit":2,"offset":0}`);
  });

  it('says what was learned from requests, not by a probe', async () => {
    const { pod, ask } = remembering();
    const requests = point(1, { ...broken, source: 'traffic' });
    pod.fleet.remembered = {
      kind: 'read',
      histories: [{ target: pod.target('ok-chat'), points: [requests, point(2)], repeats: [] }],
    };
    const rows = (await ask()).health_checks;
    expect(rows.map(({ details }) => details.source)).toEqual(['traffic', undefined]);
  });

  it('mixes the models by time, and goes on where a page ended', async () => {
    const { ask } = remembering();
    const all = (await ask()).health_checks.map(({ model_name: name }) => name);
    expect(all).toEqual(['ok-chat', 'ok-embed', 'ok-chat', 'ok-chat']);
    const second = await ask('?limit=2&offset=2');
    expect(second).toMatchObject({ total_records: 2, limit: 2, offset: 2 });
    expect(second.health_checks.map(({ status }) => status)).toEqual(['unhealthy', 'healthy']);
  });

  it('leaves out what has another status, or another name', async () => {
    const { ask } = remembering();
    expect((await ask('?status_filter=unhealthy')).health_checks).toHaveLength(1);
    expect((await ask('?status_filter=other')).health_checks).toEqual([]);
    expect((await ask('?model=nobody')).health_checks).toEqual([]);
  });

  it('says that the store is away, as LiteLLM says it of its database', async () => {
    const { pod } = remembering();
    pod.fleet.remembered = { kind: 'store-lost', why: 'no answer within 250 ms' };
    const answer = await pod.get('/health/history');
    expect([answer.status, await answer.text()]).toEqual([
      500,
      '{"detail":{"error":"Failed to retrieve health check history: no answer within 250 ms"}}',
    ]);
  });

  it.each([
    ['limit=0', 'greater_than_equal', 'Input should be greater than or equal to 1'],
    ['limit=1001', 'less_than_equal', 'Input should be less than or equal to 1000'],
    ['offset=-1', 'greater_than_equal', 'Input should be greater than or equal to 0'],
    ['limit=many', 'value_error', 'Input should be a valid number'],
  ])('refuses %s', async (query, type, msg) => {
    const answer = await measuredPod().get(`/health/history?${query}`);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toEqual({ detail: [{ type, loc: ['query', query.split('=')[0]], msg }] });
  });
});

describe('GET /health/latest', () => {
  it('shows the last probe of each deployment that was probed, by its id, without the store', async () => {
    const pod = measuredPod(undefined, ['ok-chat', 'ok-embed']);
    expect(await (await pod.get('/health/latest')).json()).toEqual({ latest_health_checks: {}, total_models: 0 });
    pod.fleet.set(upView(pod.target('ok-embed')));
    pod.fleet.remembered = { kind: 'store-lost', why: 'gone' };
    const body = await (await pod.get('/health/latest')).json();
    expect(body).toMatchObject({
      latest_health_checks: { 'my-embed-id': { model_name: 'ok-embed', status: 'healthy', error_message: null } },
      total_models: 1,
    });
  });
});
