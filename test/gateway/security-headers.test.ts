import { afterEach, expect, it } from 'vitest';
import { deployment, startGatewayPod } from './support/gateway-pod.ts';
import { answers, answersWell, startScriptedUpstream, streams } from './support/scripted-upstream.ts';
import type { Script } from './support/scripted-upstream.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

const WANTED = {
  vary: 'Origin',
  'x-frame-options': 'DENY',
  'content-security-policy': "frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

async function headersOf(script: Script, init: RequestInit = {}): Promise<unknown> {
  const upstream = await startScriptedUpstream(script);
  opened.push(() => upstream.close());
  const pod = await startGatewayPod({ yaml: `model_list:\n${deployment('m', upstream.url)}` });
  opened.push(() => pod.server.stop());
  const answer = await pod.chat('m', {}, init);
  await answer.text();
  return Object.fromEntries(answer.headers);
}

it.each<[string, Script, RequestInit]>([
  ['a whole answer', answersWell, {}],
  ['a stream', streams(2), {}],
  ['an error of the upstream', answers(400), {}],
  ['a refused key', answersWell, { headers: { authorization: 'Bearer wrong' } }],
])('LiteLLM’s security headers are on %s', async (_what, script, init) => {
  expect(await headersOf(script, init)).toMatchObject(WANTED);
});
