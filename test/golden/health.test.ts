import { describe, expect, it } from 'vitest';
import { downView, upView } from './fleet-double.ts';
import { measuredPod } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

// What LiteLLM 1.106.2 answers for the same model list, down to the order of keys. Ours differ where the migration guide
// says so: stack traces and masked headers are left out, overload is not failure, and rows carry additions at their end.

const OK_CHAT = '81aa83dbd0706369bcc3153ec63f15726921e3f2ba4287151ae1e0af87361475';
const BAD_500 = '720ecc6a066f00b91bcfb4e76554860a507d097ad2f4e3dc0d3809edb0bfed28';
const BAD_401 = 'bc84349a3d0cfb778d279169fcfd934b7ce2ef58ad8de66be2837cc24687f8e7';
const BAD_429 = '4f645a4af12253ec67f2ff17d2565ad967ca8c62ebc0b3b54787c2b845cb61ea';
const HANGS = '61d661b586c2dc3c1d2bc886f8086d872b4fd5cdc137dd483df68ee9a8b7081e';
const OPTED_OUT = 'cf3b30887333ef05ff0a89b652235dbed428934ee5d8c5e4cdc06bd7287b05a4';

const PASSED =
  '"state":"up","checked_at":"2026-11-22T11:57:38.500Z","age_seconds":2.5,"latency_ms":412,"checked_by":"pod_1795348600001_zyxwvu","level":"inference"';
const FAILED =
  '"state":"down","checked_at":"2026-11-22T11:57:38.500Z","age_seconds":2.5,"latency_ms":31,"checked_by":"pod_1795348600001_zyxwvu","level":"inference"';
const TOP = '"checked_at":"2026-11-22T11:57:38.500Z","age_seconds":2.5,"mode":"shared"';

const chatRow = `{"api_base":"http://127.0.0.1:24010/v1","model":"openai/gpt-4o-mini","model_id":"${OK_CHAT}",${PASSED}}`;
const embedRow = `{"api_base":"http://127.0.0.1:24010/v1","model":"openai/text-embedding-3-small","model_id":"my-embed-id",${PASSED}}`;
const overloadedRow = `{"api_base":"http://127.0.0.1:24010/v1","model":"openai/bad-429","model_id":"${BAD_429}",${PASSED.replace('"up"', '"degraded"')}}`;
const row500 = `{"api_base":"http://127.0.0.1:24010/v1","model":"openai/bad-500","error":"litellm.InternalServerError: InternalServerError: OpenAIException - mock upstream says 500","raw_request_typed_dict":{"raw_request_api_base":"http://127.0.0.1:24010/v1/","raw_request_body":{"model":"bad-500","messages":[{"role":"user","content":""}],"max_tokens":16,"extra_body":{}},"raw_request_headers":{},"error":null},"model_id":"${BAD_500}","exception_status":500,${FAILED}}`;
const row401 = `{"api_base":"http://127.0.0.1:24010/v1","model":"openai/bad-401","error":"litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided","raw_request_typed_dict":{"raw_request_api_base":"http://127.0.0.1:24010/v1/","raw_request_body":{"model":"bad-401","messages":[{"role":"user","content":""}],"max_tokens":16,"extra_body":{}},"raw_request_headers":{},"error":null},"model_id":"${BAD_401}","exception_status":401,${FAILED}}`;
const hangingRow = `{"model":"openai/hangs","error":"Timeout exceeded","model_id":"${HANGS}","exception_status":408,${FAILED}}`;

describe('GET /health with background checks', () => {
  it('has the four keys, empty, before anything is known', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    const answer = await pod.get('/health');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(
      `{"healthy_endpoints":[],"unhealthy_endpoints":[],"healthy_count":0,"unhealthy_count":0,"unknown_endpoints":[{"api_base":"http://127.0.0.1:24010/v1","model":"openai/gpt-4o-mini","model_id":"${OK_CHAT}","state":"unknown"}],"unknown_count":1,"checked_at":null,"age_seconds":null,"mode":"shared"}`,
    );
    expect((await pod.get('/health?model=ok-chat')).status).toBe(503);
  });

  it('lists every judged deployment as LiteLLM does', async () => {
    const answer = await judged(measuredPod()).get('/health');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(
      `{"healthy_endpoints":[${chatRow},${embedRow},${overloadedRow}],"unhealthy_endpoints":[${row500},${row401},${hangingRow}],"healthy_count":3,"unhealthy_count":3,"unknown_endpoints":[],"unknown_count":0,${TOP}}`,
    );
  });

  it('answers 200 for a healthy model that was asked for, 503 for any other', async () => {
    const pod = judged(measuredPod());
    for (const [query, status, healthy, unhealthy] of [
      ['model=ok-chat', 200, [chatRow], []],
      ['model=openai/gpt-4o-mini', 200, [chatRow], []],
      ['model_id=my-embed-id', 200, [embedRow], []],
      // The id wins over the name.
      ['model=bad-500&model_id=my-embed-id', 200, [embedRow], []],
      ['model=bad-429', 200, [overloadedRow], []],
      ['model=bad-500', 503, [], [row500]],
    ] as const) {
      const answer = await pod.get(`/health?${query}`);
      expect([query, answer.status]).toEqual([query, status]);
      expect(await answer.text()).toBe(
        `{"healthy_endpoints":[${healthy.join()}],"unhealthy_endpoints":[${unhealthy.join()}],"healthy_count":${healthy.length},"unhealthy_count":${unhealthy.length},"unknown_endpoints":[],"unknown_count":0,${TOP}}`,
      );
    }
  });

  it('answers 503 with empty lists for a name nobody knows, and for one that is opted out', async () => {
    const pod = judged(measuredPod());
    for (const name of ['no-such', 'opted-out']) {
      const answer = await pod.get(`/health?model=${name}`);
      expect(answer.status).toBe(503);
      expect(await answer.text()).toBe(
        '{"healthy_endpoints":[],"unhealthy_endpoints":[],"healthy_count":0,"unhealthy_count":0,"unknown_endpoints":[],"unknown_count":0,"checked_at":null,"age_seconds":null,"mode":"shared"}',
      );
    }
  });

  it('lists only the groups that are checked in the background', async () => {
    const settings = 'background_health_checks: true, background_health_check_model_groups: [ok-embed]';
    const pod = judged(measuredPod(settings, ['ok-chat', 'ok-embed']));
    expect(await (await pod.get('/health')).text()).toContain(
      `{"healthy_endpoints":[${embedRow}],"unhealthy_endpoints":[],`,
    );
  });

  it('answers 404 for an id nobody knows', async () => {
    const answer = await judged(measuredPod()).get('/health?model_id=no-such');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('{"detail":{"error":"Model with ID no-such not found"}}');
  });

  it('shows names, ids and statuses only with details off', async () => {
    const pod = judged(measuredPod('background_health_checks: true, health_check_details: false'));
    expect(await (await pod.get('/health')).text()).toBe(
      `{"healthy_endpoints":[{"model":"openai/gpt-4o-mini","model_id":"${OK_CHAT}",${PASSED}},{"model":"openai/text-embedding-3-small","model_id":"my-embed-id",${PASSED}},{"model":"openai/bad-429","model_id":"${BAD_429}",${PASSED.replace('"up"', '"degraded"')}}],"unhealthy_endpoints":[{"model":"openai/bad-500","model_id":"${BAD_500}","exception_status":500,${FAILED}},{"model":"openai/bad-401","model_id":"${BAD_401}","exception_status":401,${FAILED}},{"model":"openai/hangs","model_id":"${HANGS}","exception_status":408,${FAILED}}],"healthy_count":3,"unhealthy_count":3,"unknown_endpoints":[],"unknown_count":0,${TOP}}`,
    );
  });

  it('never asks for a probe', async () => {
    const pod = judged(measuredPod());
    await pod.get('/health');
    await pod.get('/health?model=ok-chat');
    expect(pod.fleet.checks).toEqual([]);
  });
});

describe('GET /health without background checks', () => {
  it('brings the targets up to date first, opted-out ones too', async () => {
    const pod = measuredPod('background_health_checks: false', ['ok-chat', 'opted-out']);
    pod.fleet.onCheck = (targets) => targets.forEach((target) => pod.fleet.set(upView(target)));
    const answer = await pod.get('/health');
    expect(await answer.text()).toBe(
      `{"healthy_endpoints":[${chatRow},{"api_base":"http://127.0.0.1:24010/v1","model":"openai/opted-out","model_id":"${OPTED_OUT}",${PASSED}}],"unhealthy_endpoints":[],"healthy_count":2,"unhealthy_count":0,"unknown_endpoints":[],"unknown_count":0,${TOP}}`,
    );
    expect(pod.fleet.checks).toEqual([[pod.target('ok-chat'), pod.target('opted-out')]]);
  });

  it('leaves opted-out ones alone where the configuration says so', async () => {
    const settings = 'background_health_checks: false, health_check_skip_disabled_background_models: true';
    const pod = measuredPod(settings, ['ok-chat', 'opted-out']);
    expect((await pod.get('/health?model=opted-out')).status).toBe(503);
    await pod.get('/health');
    expect(pod.fleet.checks).toEqual([[], [pod.target('ok-chat')]]);
  });

  it('lists a first failure as unhealthy, since nothing would confirm it before somebody asks again', async () => {
    const failure = { class: 'server', status: 500, message: 'mock upstream says 500' } as const;
    for (const [settings, status] of [
      ['background_health_checks: false', 503],
      ['background_health_checks: true', 200],
    ] as const) {
      const pod = measuredPod(settings, ['bad-500']);
      pod.fleet.set(downView(pod.target('bad-500'), failure, { state: 'suspect' }));
      const answer = await pod.get('/health?model=bad-500');
      expect([settings, answer.status]).toEqual([settings, status]);
    }
  });

  it('checks only what was asked for', async () => {
    const pod = measuredPod('background_health_checks: false');
    expect((await pod.get('/health?model=bad-500')).status).toBe(503);
    expect((await pod.get('/health?model=no-such')).status).toBe(503);
    expect((await pod.get('/health?model_id=no-such')).status).toBe(404);
    expect(pod.fleet.checks).toEqual([[pod.target('bad-500')], []]);
  });
});

function judged(pod: MeasuredPod): MeasuredPod {
  const { fleet, target } = pod;
  fleet.set(upView(target('ok-chat')));
  fleet.set(upView(target('ok-embed')));
  fleet.set(upView(target('bad-429'), { state: 'degraded', why: 'overloaded' }));
  fleet.set(downView(target('bad-500'), { class: 'server', status: 500, message: 'mock upstream says 500' }));
  fleet.set(downView(target('bad-401'), { class: 'auth', status: 401, message: 'Incorrect API key provided' }));
  fleet.set(downView(target('hangs'), { class: 'timeout', status: 408, message: 'no answer within 2 s' }));
  return pod;
}
