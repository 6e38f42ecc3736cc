import { describe, expect, it } from 'vitest';
import { EVENTS, measuredPod } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

const SECRET = 'TOP-SECRET';
const PATH = '/fleet/observations';

async function send(pod: MeasuredPod, body: unknown, peer?: string): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${EVENTS}` };
  const request = new Request(`http://pod${PATH}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await pod.handle(request, peer);
  return { status: answer.status, body: await answer.json() };
}

function failed(pod: MeasuredPod, changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { target: pod.target('bad-500'), ok: false, status: 500, ...changes };
}

const none = { accepted: 0, unknown: 0, ignored: 0, problems: [] };

describe('POST /fleet/observations', () => {
  it('reports one verdict for each target, with the reporter as its witness', async () => {
    const pod = measuredPod();
    const now = pod.fleet.status().now / 1_000;
    const deployment = pod.config.deployments.find(({ modelName }) => modelName === 'ok-chat')?.modelId;
    const at = new Date(now - 2_000).toISOString();
    const observations = [
      failed(pod, { at }),
      failed(pod, { at: now / 1_000 - 1, duration_ms: 400 }),
      { deployment, ok: true, first_token_ms: 120, duration_ms: 900 },
      { target: 'another', class: 'timeout' },
    ];
    const answer = await send(pod, { reporter: 'proxy-1', observations }, '10.0.0.7');
    expect(answer).toEqual({ status: 200, body: { ...none, accepted: 3, unknown: 1 } });
    const witness = 'reporter/proxy-1';
    expect(pod.reports).toMatchObject([
      { target: pod.target('bad-500'), verdict: 'suspect', failure: { class: 'server', status: 500 }, witness },
      { target: pod.target('ok-chat'), verdict: 'success', latencyMs: 120, witness },
    ]);
  });

  it.each(['10.0.0.7', '::1', 'fe80::1'])('knows a reporter without a name by its address: %s', async (peer) => {
    const pod = measuredPod();
    await send(pod, { observations: [failed(pod), failed(pod)] }, peer);
    expect(pod.reports).toMatchObject([{ witness: `reporter/${peer}` }]);
  });

  it('counts the valid observations of a batch, and says which field of which other is wrong', async () => {
    const pod = measuredPod();
    const now = pod.fleet.status().now / 1_000;
    const observations = [
      SECRET,
      failed(pod),
      { ok: false },
      failed(pod, { deployment: 'm' }),
      failed(pod, { ok: 'no' }),
      failed(pod, { ok: undefined }),
      failed(pod, { ok: true, class: 'server' }),
      failed(pod, { class: 'bad-probe' }),
      failed(pod, { status: 5 }),
      failed(pod, { at: 'yesterday' }),
      failed(pod, { at: now / 1_000 - 61 }),
      failed(pod, { from_the_future: 1 }),
    ];
    const { status, body } = await send(pod, { observations });
    expect(status).toBe(200);
    const { problems, ...counts } = body as { problems: { item: number; field: string; why: string }[] };
    expect(counts).toEqual({ accepted: 2, unknown: 0, ignored: 10 });
    expect(problems.map(({ item, field }) => [item, field])).toEqual([
      [0, ''],
      [2, 'target'],
      [3, 'target'],
      [4, 'ok'],
      [5, 'ok'],
      [6, 'class'],
      [7, 'class'],
      [8, 'status'],
      [9, 'at'],
      [10, 'at'],
    ]);
    expect(problems.at(-1)?.why).toBe('more than 60 s ago');
    expect(JSON.stringify([body, pod.reports, pod.eventLines])).not.toContain(SECRET);
    expect(pod.reports).toMatchObject([{ verdict: 'suspect' }]);
  });

  it.each<[unknown, string, string]>([
    ['text', 'request_body', 'The request body is not a JSON object.'],
    [[], 'request_body', 'The request body is not a JSON object.'],
    [{}, 'observations', 'observations: must be an array'],
    [{ reporter: 'a b', observations: [] }, 'reporter', 'reporter: must be a name of 1 to 64 letters'],
    [{ reporter: 'x'.repeat(65), observations: [] }, 'reporter', 'reporter: must be'],
    [{ observations: [{ target: 'aa' }] }, 'observations.0.ok', 'observations.0.ok: give ok or class'],
    [{ observations: [{}, 5] }, 'observations.0.target', 'observations.0.target: give either target or deployment'],
  ])('refuses %j and counts nothing of it', async (body, param, message) => {
    const pod = measuredPod();
    const answer = await send(pod, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { param, message: expect.stringContaining(message) } },
    });
    expect(pod.eventLines).toEqual([expect.stringContaining('Refused 1 request with observations: ')]);
  });

  it('takes an empty batch, and refuses more than 5,000 observations or 1 MiB', async () => {
    const pod = measuredPod();
    expect(await send(pod, { observations: [] })).toEqual({ status: 200, body: none });
    const many = Array.from({ length: 5_001 }, () => 1);
    expect((await send(pod, { observations: many })).status).toBe(413);
    expect((await send(pod, { observations: ['x'.repeat(1024 * 1024)] })).status).toBe(413);
    expect(pod.reports).toEqual([]);
  });

  it('refuses bodies beyond its rate until time has passed', async () => {
    const pod = measuredPod();
    const body = { observations: [failed(pod, { more: 'x'.repeat(1_000_000) })] };
    const statuses: number[] = [];
    // One after the other: at once, another limit would refuse some.
    // oxlint-disable-next-line no-await-in-loop
    for (let sent = 0; sent < 9; sent += 1) statuses.push((await send(pod, body)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 429]);
    pod.clock.advance(1_000);
    expect((await send(pod, body)).status).toBe(200);
  });

  it('says in the log how a sender without the right key gets one', async () => {
    const pod = measuredPod();
    const answer = await pod.handle(new Request(`http://pod${PATH}`, { method: 'POST', body: '{}' }));
    expect(answer.status).toBe(401);
    expect(pod.eventLines).toEqual([
      "Refused 1 request with observations: no API key was sent (HTTP 401). To fix: send an admin key, or one whose hash is in this pod's fleet_health.keys with role events",
    ]);
  });
});
