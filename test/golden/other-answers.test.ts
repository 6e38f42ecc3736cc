import { describe, expect, it } from 'vitest';
import { NOW, PROBER, upView, viewOf } from './fleet-double.ts';
import { measuredPod } from './measured-pod.ts';

const shared = 'background_health_checks: true, use_shared_health_check: true';

describe('GET /health/shared-status', () => {
  it('says so while sharing is not enabled', async () => {
    const answer = await measuredPod().get('/health/shared-status');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(
      '{"shared_health_check_enabled":false,"message":"Shared health check is not enabled"}',
    );
  });

  it("shows the running fleet: LiteLLM's keys, then ours", async () => {
    const pod = measuredPod(shared, ['ok-chat', 'ok-embed']);
    pod.fleet.set(upView(pod.target('ok-chat'), { ageMs: 8_971.6 }));
    pod.fleet.set(upView(pod.target('ok-embed')));
    pod.fleet.setStatus({
      leases: [{ target: pod.target('ok-chat'), pod: PROBER, until: NOW + 1_000_000 }],
      leaseOwner: PROBER,
      lastCommitBy: PROBER,
    });
    expect(await (await pod.get('/health/shared-status')).text()).toBe(
      `{"shared_health_check_enabled":true,"status":{"pod_id":"pod_1795348600000_abcdef","redis_available":true,"lock_ttl":60,"cache_ttl":300,"lock_owner":"${PROBER}","lock_in_progress":true,"cache_available":true,"cache_age_seconds":8.972,"last_checked_by":"${PROBER}","mode":"shared","since":"2026-11-22T11:56:41.000Z","lease_ttl_seconds":10,"fleet":"default","pods":1,"targets":2,"epoch":"e1"}}`,
    );
  });

  it('has neither age nor checker while nothing usable is known, and no owner while nobody probes', async () => {
    const pod = measuredPod(shared, ['ok-chat']);
    const expected =
      '{"shared_health_check_enabled":true,"status":{"pod_id":"pod_1795348600000_abcdef","redis_available":true,"lock_ttl":60,"cache_ttl":300,"lock_owner":null,"lock_in_progress":false,"cache_available":false,"mode":"shared","since":"2026-11-22T11:56:41.000Z","lease_ttl_seconds":10,"fleet":"default","pods":1,"targets":1,"epoch":"e1"}}';
    expect(await (await pod.get('/health/shared-status')).text()).toBe(expected);
    pod.fleet.set(upView(pod.target('ok-chat'), { stale: true, ageMs: 999_000 }));
    expect(await (await pod.get('/health/shared-status')).text()).toBe(expected);
  });

  it('says that the store is away, and why', async () => {
    const pod = measuredPod(shared, ['ok-chat']);
    pod.fleet.setStatus({ storeAvailable: false, storeProblem: 'no answer within 250 ms', mode: 'fallback' });
    expect(await (await pod.get('/health/shared-status')).json()).toMatchObject({
      status: { redis_available: false, error: 'no answer within 250 ms', mode: 'fallback' },
    });
  });

  it('does not count the age of targets that nobody wants probed', async () => {
    const pod = measuredPod(shared, ['ok-chat', 'opted-out']);
    pod.fleet.set(upView(pod.target('ok-chat')));
    pod.fleet.set(upView(pod.target('opted-out'), { ageMs: 9_999_000 }));
    expect(await (await pod.get('/health/shared-status')).json()).toMatchObject({ status: { cache_age_seconds: 2.5 } });
  });
});

describe('liveness and readiness', () => {
  it('answer without a key, whatever the store and the targets do', async () => {
    const pod = measuredPod();
    pod.fleet.setStatus({ storeAvailable: false, storeProblem: 'gone', mode: 'fallback' });
    pod.fleet.set(viewOf(pod.target('ok-chat'), { state: 'down' }));
    for (const [path, body] of [
      ['/health/liveliness', '"I\'m alive!"'],
      ['/health/liveness', '"I\'m alive!"'],
      ['/health/readiness', '{"status":"healthy","db":"Not connected"}'],
    ] as const) {
      const answer = await pod.handle(new Request(`http://pod${path}`));
      expect([answer.status, await answer.text()]).toEqual([200, body]);
      expect(answer.headers.get('content-type')).toBe('application/json');
    }
  });

  it('turn 503 when the pod was told to stop', async () => {
    const pod = measuredPod();
    pod.stopping = true;
    for (const path of ['/health/liveliness', '/health/liveness', '/health/readiness']) {
      const answer = await pod.handle(new Request(`http://pod${path}`));
      expect([answer.status, await answer.text()]).toEqual([503, '{"status":"shutting_down"}']);
    }
  });

  it('answer OPTIONS with the methods and an empty body', async () => {
    for (const path of ['/health/liveliness', '/health/liveness', '/health/readiness']) {
      const answer = await measuredPod().handle(new Request(`http://pod${path}`, { method: 'OPTIONS' }));
      expect([answer.status, await answer.text()]).toEqual([200, '']);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        allow: 'GET, OPTIONS',
        'access-control-allow-methods': 'GET, OPTIONS',
        'access-control-allow-headers': '*',
      });
    }
  });
});

describe('keys, paths and methods', () => {
  it('refuse every keyed route without the key', async () => {
    const pod = measuredPod();
    for (const path of ['/health', '/health?model=ok-chat', '/health/shared-status', '/fleet']) {
      expect((await pod.handle(new Request(`http://pod${path}`))).status).toBe(401);
    }
    for (const path of ['/v1/models', '/models', '/v1/models/ok-chat']) {
      expect((await pod.handle(new Request(`http://pod${path}`))).status).toBe(401);
    }
  });

  it('answer unknown paths and wrong methods as LiteLLM does', async () => {
    const pod = measuredPod();
    const unknown = await pod.get('/health/nothing');
    expect([unknown.status, await unknown.text()]).toEqual([
      404,
      '{"detail":"Not Found","hint":"GET /openapi.json lists all routes"}',
    ]);
    expect(await (await pod.get('/key/generate')).json()).toMatchObject({
      hint: 'allswell does not support virtual keys; GET /openapi.json lists all routes',
    });
    const wrong = await pod.handle(new Request('http://pod/health', { method: 'POST' }));
    expect([wrong.status, await wrong.text(), wrong.headers.get('allow')]).toEqual([
      405,
      '{"detail":"Method Not Allowed","hint":"use GET"}',
      'GET',
    ]);
  });
});

describe('GET /v1/models', () => {
  const ask = async (path: string): Promise<[number, string]> => {
    const headers = { authorization: 'Bearer sk-master' };
    const answer = await measuredPod(undefined, ['ok-chat', 'bad-500']).handle(
      new Request(`http://pod${path}`, { headers }),
    );
    return [answer.status, await answer.text()];
  };
  const chat = '{"id":"ok-chat","object":"model","created":1677610602,"owned_by":"openai"}';
  const bad = '{"id":"bad-500","object":"model","created":1677610602,"owned_by":"openai"}';

  it('lists the model groups, sick ones too', async () => {
    for (const path of ['/v1/models', '/models', '/v1/models?healthy_only=true']) {
      expect(await ask(path)).toEqual([200, `{"data":[${chat},${bad}],"object":"list"}`]);
    }
  });

  it('shows one by its name', async () => {
    expect(await ask('/v1/models/ok-chat')).toEqual([200, chat]);
    expect(await ask('/v1/models/no-such')).toEqual([
      404,
      '{"detail":"The model `no-such` does not exist or is not accessible"}',
    ]);
  });
});

describe.each([
  ['/metrics', 'allswell_known_pods 1\n'],
  ['/metrics/fleet', 'allswell_fleet_pods 1\n'],
])('GET %s', (path, text) => {
  const anonymous = new Request(`http://pod${path}`);

  it('needs no key', async () => {
    const answer = await measuredPod().handle(anonymous);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(text);
  });

  it('needs the master key where the configuration says so', async () => {
    const pod = measuredPod('background_health_checks: true', ['ok-chat'], 'fleet_health: { metrics_auth: key }');
    expect((await pod.handle(anonymous)).status).toBe(401);
    expect((await pod.get(path)).status).toBe(200);
  });
});
