import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { closingServers, json } from '../support/strict-server.ts';
import { closingAfterEach } from './support/closing.ts';
import { asked, attemptsOf, expectNoSecret, podAt, textOf } from './support/cloud-stand.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answersWell } from './support/scripted-upstream.ts';
import type { ScriptedUpstream } from './support/scripted-upstream.ts';
import { startAzure } from './support/vendors/azure.ts';
import { byAnyLogin, byToken, digestOf } from './support/vendors/index.ts';
import type { Vendor } from './support/vendors/index.ts';

// Requests of users at vendors whose login host gives a credential for a while: when it is fetched, and what a request meets
// where it cannot be.

closingServers();
const opened = closingAfterEach();

async function alone(start: () => Promise<Vendor>): Promise<{ vendor: Vendor; pod: GatewayPod }> {
  const vendor = await start();
  return { vendor, pod: await podAt(opened, [{ vendor }]) };
}

/** The vendor first, then a deployment that always answers. */
async function withSpare(
  start: () => Promise<Vendor>,
  params: Readonly<Record<string, unknown>> = {},
): Promise<{ vendor: Vendor; pod: GatewayPod; spare: ScriptedUpstream }> {
  const vendor = await start();
  const spare = await opened.upstream(answersWell);
  const spareParams = { model: 'openai/spare', api_base: spare.url, api_key: 'sk-spare' };
  const pod = await podAt(opened, [{ vendor, params }, { vendor: { params: spareParams, env: {} } }]);
  return { vendor, pod, spare };
}

const statusesOf = async (pod: GatewayPod, count: number): Promise<readonly number[]> =>
  await Promise.all(Array.from({ length: count }, async () => (await pod.chat('m')).status));

describe.each(byToken)('the credential of %s', { timeout: 30_000 }, (_name, start) => {
  it('is fetched once for 100 requests at the same time', async () => {
    const { vendor, pod } = await alone(start);
    const texts = await Promise.all(
      Array.from(
        { length: 100 },
        async (_, at) => await textOf(await pod.chat('m', asked(`number ${at}`, at % 2 === 0))),
      ),
    );
    expect(texts).toEqual(texts.map((_, at) => digestOf(`number ${at}`)));
    expect(vendor.logins()).toHaveLength(1);
  });

  it('is fetched once for each of its lives, and no request meets its end', async () => {
    const { vendor, pod } = await alone(start);
    vendor.behaviour.lifeS = 3;
    const statuses = new Set<number>();
    const beganMs = performance.now();
    await until(
      async () => {
        for (const status of await statusesOf(pod, 10)) statuses.add(status);
        return vendor.given.size >= 3;
      },
      { what: 'the third credential', withinMs: 15_000 },
    );
    expect([...statuses]).toEqual([200]);
    // Renewed in the last fifth of its life.
    expect(vendor.logins().length).toBeLessThanOrEqual(1 + (performance.now() - beganMs) / 2_400);
  });

  it('is fetched again when it was revoked, once for all requests, and none of them fails', async () => {
    const { vendor, pod } = await alone(start);
    vendor.behaviour.lifeS = 3_000;
    await pod.chat('m');
    await letAge(vendor, pod);
    vendor.given.clear();
    expect(await statusesOf(pod, 50)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(vendor.logins()).toHaveLength(2);
    // The vendor refused the login, not the deployment.
    expect(Object.keys(await attemptsOf(pod))).toEqual(['success']);
  });

  it('is not fetched for each request while the vendor refuses it, and the caller gets the reason', async () => {
    const { vendor, pod } = await alone(start);
    vendor.behaviour.answer = (credential) =>
      json(403, { error: { code: 403, message: `Permission denied on the project for ${credential}` } });
    const beganMs = performance.now();
    const answer = await pod.chat('m');
    const text = await answer.text();
    expect([answer.status, text]).toEqual([403, expect.stringContaining('Permission denied on the project')]);
    for (let count = 0; count < 20; count += 1) await pod.chat('m');
    expect(await statusesOf(pod, 20)).toEqual(Array.from({ length: 20 }, () => 403));
    // At most one in five seconds.
    expect(vendor.logins().length).toBeLessThanOrEqual(1 + (performance.now() - beganMs) / 5_000);
    expectNoSecret(vendor, pod, text);
  });

  it.each([
    ['answers 503', 'server', () => json(503, { error: 'temporarily_unavailable', error_description: 'try later' })],
    ['refuses the client', 'auth', () => json(401, { error: 'invalid_client', error_description: 'unknown client' })],
    ['answers without a credential', 'server', () => json(200, { hello: 'there' })],
  ])('counts as a failure of the deployment where its host %s: requests go elsewhere', async (_what, result, login) => {
    const { vendor, pod, spare } = await withSpare(start);
    vendor.behaviour.login = login;
    for (let count = 0; count < 10; count += 1) expect((await pod.chat('m')).status).toBe(200);
    expect([spare.requests.length, vendor.calls().length]).toEqual([10, 0]);
    expect((await attemptsOf(pod))[result]).toBeGreaterThanOrEqual(1);
    // As other failures: after two in a row the deployment gets no requests.
    expect((await attemptsOf(pod))[result]).toBeLessThanOrEqual(2);
    expect(vendor.logins().length).toBeLessThanOrEqual(2);
  });

  it('names the host of the login in the error where there is no other deployment', async () => {
    const { vendor, pod } = await alone(start);
    vendor.behaviour.login = () => json(503, { error: 'temporarily_unavailable', error_description: 'try later' });
    const answer = await pod.chat('m');
    const text = await answer.text();
    expect([answer.status, JSON.parse(text)]).toEqual([
      502,
      { error: expect.objectContaining({ message: expect.stringMatching(/login.* at 127\.0\.0\.1:\d+: /) }) },
    ]);
    expectNoSecret(vendor, pod, text);
  });

  it('is waited for no longer than the deployment may take', async () => {
    const { vendor, pod, spare } = await withSpare(start, { timeout: 0.5 });
    vendor.behaviour.login = async () => await new Promise(() => {});
    const beganMs = performance.now();
    expect((await pod.chat('m')).status).toBe(200);
    expect(performance.now() - beganMs).toBeLessThan(4_000);
    expect([spare.requests.length, vendor.calls().length]).toEqual([1, 0]);
    expect((await attemptsOf(pod))['timeout']).toBe(1);
  });
});

describe('a request that waits for its login', { timeout: 30_000 }, () => {
  async function waiting(): Promise<{ pod: GatewayPod; answer: Promise<Response>; leave: () => void }> {
    const { vendor, pod } = await alone(() => startAzure('entra'));
    vendor.behaviour.login = async () => await new Promise(() => {});
    const leaving = new AbortController();
    const answer = pod.chat('m', {}, { signal: leaving.signal });
    answer.catch(() => {});
    await until(() => vendor.logins().length === 1, { what: 'the request to the login host', withinMs: 5_000 });
    return { pod, answer, leave: () => leaving.abort() };
  }

  it('ends with its client', async () => {
    const { pod, answer, leave } = await waiting();
    leave();
    await expect(answer).rejects.toThrow('aborted');
    const ended = (): boolean => pod.lines.some((line) => line.includes('left-before-answer 499'));
    await until(ended, { what: 'the end of the request', withinMs: 3_000 });
    expect(await attemptsOf(pod)).toEqual({ neutral: 1 });
  });

  it('ends when the drain time of the pod has passed', async () => {
    const { pod, answer } = await waiting();
    const stopped = pod.server.stop();
    expect((await answer).status).toBe(503);
    await stopped;
  });
});

it('a header of the configuration takes the place of that of the login, as in a probe', async () => {
  const vendor = await startAzure('entra');
  const own = 'token-of-a-proxy-0123456789';
  vendor.given.set(own, Infinity);
  const params = { extra_headers: { Authorization: `Bearer ${own}` } };
  const pod = await podAt(opened, [{ vendor, params }]);
  expect((await pod.chat('m')).status).toBe(200);
  expect(vendor.calls()[0]?.headers['authorization']).toBe(`Bearer ${own}`);
});

// Entra ID compares no clocks where a secret is the proof.
const comparesClocks = byAnyLogin.filter(([name]) => /signature|role|Vertex/.test(name));

it.each(comparesClocks)(
  'a pod whose clock is two hours late is refused by %s, and the error says so',
  async (_, start) => {
    const { vendor, pod } = await alone(start);
    vendor.behaviour.skewMs = 7_200_000;
    const answer = await pod.chat('m');
    const text = await answer.text();
    expect([answer.ok, text]).toEqual([
      false,
      expect.stringMatching(
        /InvalidSignatureException: time|Signature expired: \d+T\d+Z is now earlier|Invalid JWT: .*exp/,
      ),
    ]);
    expectNoSecret(vendor, pod, text);
  },
);

/** A credential that was fetched just now is not fetched again. */
async function letAge(vendor: Vendor, pod: GatewayPod): Promise<void> {
  const atMs = performance.now();
  await until(() => performance.now() - atMs > 5_100, { what: 'the age of the credential', withinMs: 10_000 });
  expect([vendor.logins().length, (await pod.chat('m')).status]).toEqual([1, 200]);
}
