import { describe, expect, it } from 'vitest';
import { measuredPod, SCOPED } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

// Down to the bytes where LiteLLM's are known; its keys with what is true here where they are not.

const textOf = async (answer: Promise<Response>): Promise<[number, string]> => {
  const { status, ...rest } = await answer.then(async (got) => ({ status: got.status, text: await got.text() }));
  return [status, rest.text];
};

describe('GET /health/readiness/details', () => {
  const details = (cache: string, level: string, debug: boolean): string =>
    `{"status":"healthy","db":"Not connected","cache":${cache},"litellm_version":"allswell 0.1.0","success_callbacks":[],"use_aiohttp_transport":false,"log_level":"${level}","is_detailed_debug":${debug},"show_no_redis_warning":false,"show_env_credential_login_warning":false}`;

  it('shows what the pod runs on', async () => {
    expect(await textOf(measuredPod().get('/health/readiness/details'))).toEqual([
      200,
      details('"redis"', 'INFO', false),
    ]);
    const verbose = measuredPod('set_verbose: true');
    expect(await textOf(verbose.get('/health/readiness/details'))).toEqual([200, details('"redis"', 'DEBUG', true)]);
  });

  it('is what everybody gets from /health/readiness where the configuration says so', async () => {
    const pod = measuredPod('allow_public_health_readiness_details: true');
    const answer = pod.handle(new Request('http://pod/health/readiness')) as Promise<Response>;
    expect(await textOf(answer)).toEqual([200, details('"redis"', 'INFO', false)]);
  });

  it('turns 503 when the pod stops', async () => {
    const pod = measuredPod();
    pod.stopping = true;
    expect(await textOf(pod.get('/health/readiness/details'))).toEqual([503, '{"status":"shutting_down"}']);
  });
});

it('GET /health/license answers as LiteLLM without a licence', async () => {
  expect(await textOf(measuredPod().get('/health/license'))).toEqual([
    200,
    '{"has_license":false,"license_type":"community","expiration_date":null,"allowed_features":[],"limits":{"max_users":null,"max_teams":null}}',
  ]);
});

describe('GET /health/backlog', () => {
  it('counts the request that asks', async () => {
    expect(await textOf(measuredPod().get('/health/backlog'))).toEqual([
      200,
      '{"in_flight_requests":1,"admitted_requests":0,"queued_requests":0,"rejected_requests":0}',
    ]);
  });

  it('counts those that wait for a probe', async () => {
    const pod = measuredPod('background_health_checks: false');
    const probe = held();
    pod.fleet.onCheck = async () => await probe.promise;
    const waiting = [pod.get('/health'), pod.get('/health')];
    expect(await (await pod.get('/health/backlog')).json()).toMatchObject({ in_flight_requests: 3 });
    probe.release();
    await Promise.all(waiting);
    expect(await (await pod.get('/health/backlog')).json()).toMatchObject({ in_flight_requests: 1 });
  });
});

describe('GET /health/services', () => {
  it('wants to know which', async () => {
    expect(await textOf(measuredPod().get('/health/services'))).toEqual([
      422,
      '{"detail":[{"type":"missing","loc":["query","service"],"msg":"Field required"}]}',
    ]);
  });

  it("says of each of LiteLLM's that it is not set up", async () => {
    expect(await textOf(measuredPod().get('/health/services?service=slack'))).toEqual([
      422,
      `{"error":{"message":"{'error': '\\"slack\\" not in proxy config: general_settings. Unable to test this.'}","type":"auth_error","param":"None","code":"422"}}`,
    ]);
  });

  it('refuses one that nobody knows, and three to all but admins', async () => {
    const pod = measuredPod();
    expect((await pod.get('/health/services?service=carrier-pigeon')).status).toBe(400);
    for (const service of ['newrelic', 'pointfive', 'webhook']) {
      expect((await pod.get(`/health/services?service=${service}`, SCOPED)).status).toBe(403);
      expect((await pod.get(`/health/services?service=${service}`)).status).toBe(422);
    }
  });
});

describe('GET /health/drain', () => {
  const settings = 'background_health_checks: false, enable_drain_endpoint: true, drain_endpoint_token: t0ken';
  const drain = (pod: MeasuredPod, token?: string): Promise<Response> => {
    const headers = token === undefined ? {} : { headers: { 'x-drain-token': token } };
    return pod.handle(new Request('http://pod/health/drain', headers)) as Promise<Response>;
  };

  it('is not there without a token, even for the master key', async () => {
    for (const closed of ['enable_drain_endpoint: true', 'drain_endpoint_token: t0ken']) {
      const pod = measuredPod(closed);
      expect((await drain(pod, 't0ken')).status).toBe(404);
      expect((await pod.get('/health/drain')).status).toBe(404);
      expect(pod.drained).toBe(false);
    }
  });

  it('refuses a missing and a wrong token', async () => {
    const pod = measuredPod(settings);
    for (const token of [undefined, '', 't0ke', 't0kenn']) {
      expect(await textOf(drain(pod, token))).toEqual([401, '{"detail":"Invalid or missing X-Drain-Token"}']);
    }
    expect(pod.drained).toBe(false);
  });

  it('waits until what runs has its answer, and says how many that were', async () => {
    const pod = measuredPod(settings, ['ok-chat']);
    const probe = held();
    pod.fleet.onCheck = async () => await probe.promise;
    const waiting = pod.get('/health');
    let answered = false;
    const drained = drain(pod, 't0ken').finally(() => (answered = true));
    await passing(pod, 200);
    expect([pod.drained, answered]).toEqual([true, false]);
    probe.release();
    await waiting;
    await passing(pod, 100);
    expect(await textOf(drained)).toEqual([200, '{"status":"drained","drained_requests":1}']);
  });

  it('waits no longer than a stop may take', async () => {
    const pod = measuredPod(settings, ['ok-chat']);
    pod.drain = async () => await new Promise(() => {});
    const drained = drain(pod, 't0ken');
    await passing(pod, 11_000);
    expect(await textOf(drained)).toEqual([200, '{"status":"drained","drained_requests":0}']);
  });
});

it.each(['/active/callbacks', '/settings'])('%s has every key, and nothing in them', async (path) => {
  expect(await textOf(measuredPod().get(path))).toEqual([
    200,
    '{"alerting":"[]","litellm.callbacks":[],"litellm.input_callback":[],"litellm.failure_callback":[],"litellm.success_callback":[],"litellm._async_success_callback":[],"litellm._async_failure_callback":[],"litellm._async_input_callback":[],"all_litellm_callbacks":[],"num_callbacks":0,"num_alerting":0,"litellm.request_timeout":null}',
  ]);
});

it('GET /test echoes', async () => {
  const answer = measuredPod().handle(new Request('http://pod/test')) as Promise<Response>;
  expect(await textOf(answer)).toEqual([200, '{"route":"/test"}']);
});

/** Something that lasts until it is released. */
function held(): { readonly promise: Promise<void>; release(): void } {
  let release = (): void => {};
  const promise = new Promise<void>((resolve) => (release = resolve));
  return { promise, release: () => release() };
}

/** Time passes in small steps, and what waits for it goes on in between. */
async function passing(pod: MeasuredPod, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    pod.clock.advance(50);
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    await new Promise((resolve) => setImmediate(resolve));
  }
}
