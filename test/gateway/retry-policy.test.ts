import { afterEach, describe, expect, it } from 'vitest';
import { deployment, KEY, startGatewayPod } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { answers, answersWell, startScriptedUpstream } from './support/scripted-upstream.ts';
import type { Script, ScriptedUpstream } from './support/scripted-upstream.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** A group of two deployments: the first one always goes first, the second one answers well. */
async function pair(
  script: Script,
  retryPolicy: string,
): Promise<{ gateway: GatewayPod; upstreams: readonly ScriptedUpstream[] }> {
  const upstreams = [await startScriptedUpstream(script), await startScriptedUpstream(answersWell)];
  opened.push(async () => Promise.all(upstreams.map((one) => one.close())));
  const list = upstreams.map(({ url }, at) => deployment('m', url, { params: `order: ${at + 1}` })).join('');
  const gateway = await startGatewayPod({
    yaml: `model_list:\n${list}router_settings: { retry_policy: { ${retryPolicy} } }\n`,
  });
  opened.push(() => gateway.server.stop());
  return { gateway, upstreams };
}

describe('retry_policy', { timeout: 30_000 }, () => {
  it.each([
    [503, 'ServiceUnavailableErrorRetries: 0', [1, 0]],
    [503, 'InternalServerErrorRetries: 0', [1, 1]],
    [500, 'InternalServerErrorRetries: 0', [1, 0]],
    [502, 'DefaultRetries: 0', [1, 0]],
    [504, 'TimeoutErrorRetries: 0', [1, 0]],
  ])('status %i under %s: requests at the two deployments are %j', async (status, policy, expected) => {
    const { gateway, upstreams } = await pair(answers(status), policy);
    const answer = await gateway.chat('m');
    expect(upstreams.map(({ requests }) => requests.length)).toEqual(expected);
    expect(answer.status).toBe(expected[1] === 1 ? 200 : status);
  });
});

it('a panic is in the metrics of the pod, once', { timeout: 30_000 }, async () => {
  const upstream = await startScriptedUpstream(answers(500));
  opened.push(() => upstream.close());
  const gateway = await startGatewayPod({ yaml: `model_list:\n${deployment('m', upstream.url)}` });
  opened.push(() => gateway.server.stop());
  // The two attempts of the first request eject the only deployment, and the next requests go to it all the same.
  for (let sent = 0; sent < 3; sent += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    await (await gateway.chat('m')).text();
  }
  const text = await (await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text();
  expect(text).toContain('allswell_routing_panics_total{group="m"} 1\n');
});
