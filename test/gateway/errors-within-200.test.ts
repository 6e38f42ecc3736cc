import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment } from './support/gateway-pod.ts';
import type { Script } from './support/scripted-upstream.ts';

// Gateways such as OpenRouter answer 200 and name the status of an error within the body or its first event.

const opened = closingAfterEach();

function answersWithin(code: number | string, message: string): Script {
  const body = JSON.stringify({ error: { code, message } });
  return (response, { json }) => {
    const isStream = json['stream'] === true;
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    response.end(isStream ? `: working\n\ndata: ${body}\n\n` : body);
  };
}

it.each([false, true])(
  'fault: the fault of one caller is asked again and keeps all others away (stream: %s)',
  async (stream) => {
    const upstream = await opened.upstream(answersWithin(400, 'Invalid image'));
    const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
    for (let count = 1; count <= 3; count += 1) {
      const answer = await gateway.chat('m', { stream });
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect([answer.status, await answer.json()]).toEqual([400, { error: { code: 400, message: 'Invalid image' } }]);
      expect(upstream.requests).toHaveLength(count);
    }
    expect(gateway.lines.filter((line) => line.includes('Avoiding'))).toEqual([]);
  },
);

it.each([false, true])('a rate limit makes the deployment degraded, not avoided (stream: %s)', async (stream) => {
  const upstream = await opened.upstream(answersWithin(429, 'slow down'));
  const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
  for (let count = 0; count < 2; count += 1) expect((await gateway.chat('m', { stream })).status).toBe(429);
  expect(gateway.lines.filter((line) => line.includes('Avoiding'))).toEqual([]);
});

it.each([false, true])('one that names no status is a failure of the upstream (stream: %s)', async (stream) => {
  const upstream = await opened.upstream(answersWithin('server_error', 'broken'));
  const gateway = await opened.pod(`model_list:\n${deployment('m', upstream.url)}`);
  expect((await gateway.chat('m', { stream })).status).toBe(502);
  expect(upstream.requests).toHaveLength(2);
});
