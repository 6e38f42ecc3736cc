import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answers, answersWell, chunk } from './support/scripted-upstream.ts';
import type { Script } from './support/scripted-upstream.ts';

// One name and one status for the end of a request: in the metric, in the line of the request, and in the client's error event.

const opened = closingAfterEach();

const metricsOf = async ({ url }: GatewayPod): Promise<string> =>
  await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text();
const backlogOf = async ({ url }: GatewayPod): Promise<unknown> =>
  await (await fetch(`${url}/health/backlog`, { headers: { authorization: `Bearer ${KEY}` } })).json();
interface RecentPage {
  readonly requests: { readonly groups: readonly object[]; readonly deployments: readonly object[]; refused: number };
}
const fleetOf = async ({ url }: GatewayPod): Promise<RecentPage> =>
  (await (await fetch(`${url}/fleet`, { headers: { authorization: `Bearer ${KEY}` } })).json()) as RecentPage;
const endOf = ({ lines }: GatewayPod): string | undefined =>
  lines.find((line) => line.startsWith('debug Request '))?.replace(/ms: .*; /, 'ms … ');

/** An answer that begins, and then goes on as `rest` says. */
const beginning =
  (rest: Script): Script =>
  async (outgoing, request, number) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.write(chunk('a'));
    await rest(outgoing, request, number);
  };

describe('an answer that breaks off', () => {
  const ends: [string, Script, number][] = [
    [
      'because the upstream closes its connection',
      beginning((outgoing) => void outgoing.write(chunk('b'), () => outgoing.destroy())),
      502,
    ],
    ['because nothing comes for too long', beginning(() => {}), 504],
  ];

  it.each(ends)('%s has one outcome and one status everywhere', async (_why, script, status) => {
    const upstream = await opened.upstream(script);
    const gateway = await opened.pod(
      `model_list:\n${deployment('m', upstream.url)}fleet_health: { gateway: { idle_timeout: 0.3 } }\n`,
    );
    const text = await (await gateway.chat('m', { stream: true })).text();
    expect(text).toContain(`"code":"${status}"`);
    await until(() => endOf(gateway) !== undefined, { withinMs: 5_000, what: 'the line of the request' });
    expect(endOf(gateway)).toMatch(new RegExp(`broken-off ${status}$`));
    expect(await metricsOf(gateway)).toContain(`{group="m",status="${status}",outcome="broken-off"} 1\n`);
    expect((await fleetOf(gateway)).requests.groups).toMatchObject([
      { group: 'm', requests: 1, broken_off: 1, failed: 0 },
    ]);
  });
});

it('a refusal of the upstream is failed with its status', async () => {
  const upstream = await opened.upstream(answers(404, { message: 'No such File object: file-1' }));
  const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
  expect((await gateway.chat('m')).status).toBe(404);
  await until(() => endOf(gateway) !== undefined, { withinMs: 5_000, what: 'the line of the request' });
  expect(endOf(gateway)).toMatch(/failed 404$/);
  expect(await metricsOf(gateway)).toContain('{group="m",status="404",outcome="failed"} 1\n');
});

it('fault: a timeout that passes before an upstream is asked is a group without a deployment', async () => {
  const upstream = await opened.upstream(answersWell);
  const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
  expect((await gateway.chat('m', { timeout: 1e-9 })).status).toBe(408);
  expect(upstream.requests).toEqual([]);
  const metrics = await metricsOf(gateway);
  expect(metrics).toContain('{group="m",status="408",outcome="failed"} 1\n');
  expect(metrics).not.toMatch(/^allswell_requests_unplaced_total\{.* [1-9]/m);
});

it.each([
  ['before the first byte', () => {}, 'left-before-answer'],
  ['in the middle of the answer', beginning(() => {}), 'left-during-answer'],
] as const)(
  'a client that leaves %s is counted as such, and its attempt is in flight until then',
  async (_when, script, outcome) => {
    const upstream = await opened.upstream(script);
    const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url, { info: 'id: slow' })}`);
    const leave = new AbortController();
    const asked = gateway.chat('m', { stream: true }, { signal: leave.signal });
    asked.catch(() => undefined);
    const inFlight = /allswell_deployment_in_flight\{deployment="slow",group="m"\} (\d)/;
    const counted = async (): Promise<string | undefined> => inFlight.exec(await metricsOf(gateway))?.[1];
    await until(async () => (await counted()) === '1' && upstream.requests.length === 1, {
      withinMs: 5_000,
      what: 'the attempt to be in flight',
    });
    // Its head is sent with the first event.
    const answer = outcome === 'left-during-answer' ? await asked : undefined;
    leave.abort();
    await expect(answer?.text() ?? asked).rejects.toThrow(/abort/i);
    await until(async () => (await counted()) === '0', { withinMs: 5_000, what: 'the attempt to end' });
    expect(await metricsOf(gateway)).toMatch(new RegExp(`\\{group="m",status="499",outcome="${outcome}"\\} 1\\n`));
    const waited = outcome === 'left-before-answer' ? [{ deployment: 'slow', left_before_answer: 1 }] : [];
    expect((await fleetOf(gateway)).requests.deployments).toMatchObject(waited);
  },
);

it('every answer names the pod, and requests beyond max_in_flight are counted as rejected', async () => {
  const held: (() => void)[] = [];
  const upstream = await opened.upstream(async (...given) => {
    await new Promise<void>((resolve) => void held.push(resolve));
    await answersWell(...given);
  });
  const gateway = await opened.pod(
    `model_list:\n${deployment('m', upstream.url)}fleet_health: { gateway: { max_in_flight: 1 } }\n`,
  );
  const first = gateway.chat('m');
  await until(() => held.length === 1, { withinMs: 5_000, what: 'the first request at the upstream' });
  const second = await gateway.chat('m');
  held[0]?.();
  const good = await first;
  const unknown = await gateway.chat('nix');
  const wrong = await gateway.chat('m', {}, { headers: { authorization: 'Bearer sk-wrong' } });
  const answered = [good, second, unknown, wrong];
  expect(answered.map(({ status }) => status)).toEqual([200, 503, 400, 401]);
  const names = new Set(answered.map(({ headers }) => headers.get('x-allswell-pod')));
  expect([...names]).toEqual([expect.stringMatching(/^[\w.-]+$/)]);
  expect(await backlogOf(gateway)).toMatchObject({ rejected_requests: 1 });
  expect((await fleetOf(gateway)).requests.refused).toBe(1);
});
