import Anthropic from '@anthropic-ai/sdk';
import { expect, it } from 'vitest';
import { closingServers } from '../support/strict-server.ts';
import { closingAfterEach } from './support/closing.ts';
import { podAt } from './support/cloud-stand.ts';
import { KEY } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import { digestOf } from './support/vendors/index.ts';
import type { Vendor } from './support/vendors/index.ts';
import { startGoogle } from './support/vendors/google.ts';

closingServers();
const opened = closingAfterEach();

const PATH = '/v1/projects/the-project/locations/europe-west4/publishers/anthropic/models/claude-sonnet-4-5@20250929';

async function stand(): Promise<{ vendor: Vendor; pod: GatewayPod; client: Anthropic }> {
  const vendor = await startGoogle('claude');
  const pod = await podAt(opened, [{ vendor }]);
  return { vendor, pod, client: new Anthropic({ baseURL: pod.url, apiKey: KEY, maxRetries: 0 }) };
}

const asked = { model: 'm', max_tokens: 50, messages: [{ role: 'user' as const, content: 'Grüße' }] };

it("Anthropic's client gets a message and a stream, each from an address of its own", async () => {
  const { vendor, client } = await stand();
  expect((await client.messages.create(asked)).content).toMatchObject([{ text: digestOf('Grüße') }]);
  expect(await client.messages.stream(asked).finalText()).toBe(digestOf('Grüße'));
  expect(vendor.calls().map(({ path }) => path)).toEqual([`${PATH}:rawPredict`, `${PATH}:streamRawPredict`]);
});

it('every other field of a message arrives byte for byte', async () => {
  const { vendor, pod } = await stand();
  const rest =
    '"max_tokens" : 5e1, "messages":[{"role":"user","content":"\\u00fc \\/ {\\"model\\":1}"}],"big":12345678901234567890';
  const answer = await pod.post('/v1/messages', `{ "anthropic_version":"x",\n${rest} ,"model": "m" }`);
  expect([answer.status, vendor.calls()[0]?.body]).toEqual([
    200,
    `{"anthropic_version":"vertex-2023-10-16",${rest.replaceAll(', "', ',"')}}`,
  ]);
});

it('a wildcard puts the name that was asked for into the address', async () => {
  const vendor = await startGoogle('claude');
  const info = { health_check_model: 'vertex_ai/claude-sonnet-4-5@20250929' };
  const pod = await podAt(opened, [{ vendor, group: 'claude/*', params: { model: 'vertex_ai/claude-*' }, info }]);
  expect((await pod.chat('claude/sonnet-4-5@20250929')).status).toBe(200);
  expect(vendor.calls()[0]?.path).toBe(`${PATH}:rawPredict`);
});

it.each([
  ['/v1/messages/count_tokens', 'count_tokens'],
  ['/v1/embeddings', 'embedding'],
])('%s is not there: 400', async (path, name) => {
  const { vendor, pod } = await stand();
  const answer = await pod.post(path, { ...asked, input: 'x' });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(`have no endpoint for ${name}`)]);
  expect(vendor.requests).toEqual([]);
});
