import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment } from './support/gateway-pod.ts';
import type { GatewayPod } from './support/gateway-pod.ts';
import type { Script, ScriptedUpstream } from './support/scripted-upstream.ts';

// A streamed response that ends with `response.failed` is whole, and has no result.

const opened = closingAfterEach();

function fails(code: string): Script {
  const failed = { type: 'response.failed', response: { id: 'r', status: 'failed', error: { code, message: 'no' } } };
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`data: {"type":"response.created","response":{"id":"r"}}\n\ndata: ${JSON.stringify(failed)}\n\n`);
  };
}

async function stand(code: string): Promise<{ upstream: ScriptedUpstream; gateway: GatewayPod; text: string }> {
  const upstream = await opened.upstream(fails(code));
  const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
  let text = '';
  for (let count = 0; count < 3; count += 1) {
    text = await (await gateway.post('/v1/responses', { model: 'm', input: 'hi', stream: true })).text();
  }
  return { upstream, gateway, text };
}

const avoided = ({ lines }: GatewayPod): number => lines.filter((line) => line.includes('Avoiding')).length;

it('fault: responses that all fail by the server keep it up', async () => {
  const { upstream, gateway, text } = await stand('server_error');
  expect(text).toContain('"code":"server_error"');
  expect(text).not.toContain('not complete');
  expect(upstream.requests).toHaveLength(3);
  expect(avoided(gateway)).toBe(1);
  expect(gateway.lines.filter((line) => line.includes('is up'))).toEqual([]);
});

it('one that fails by what it was asked proves nothing', async () => {
  const { gateway, text } = await stand('invalid_prompt');
  expect(text).toContain('"code":"invalid_prompt"');
  expect(avoided(gateway)).toBe(0);
  expect(gateway.lines.filter((line) => line.includes('is up'))).toEqual([]);
});
