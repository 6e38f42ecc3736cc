import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { askLitellm } from './ask-litellm.ts';
import type { LitellmAnswer } from './ask-litellm.ts';

it('sends the key and the body, and reads JSON', async () => {
  const answer = await asked(
    (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end(JSON.stringify({ key: request.headers.authorization, body })));
    },
    { body: { model: 'm' } },
  );
  expect(answer).toEqual({ kind: 'answered', body: { key: 'Bearer sk-key', body: '{"model":"m"}' } });
});

it.each([
  [
    'a refusal, with the type of its error',
    400,
    '{"error":{"type":"no_db_connection"}}',
    { kind: 'declined', status: 400, type: 'no_db_connection' },
  ],
  ['a refusal without JSON', 502, '<html>', { kind: 'declined', status: 502, type: null }],
  ['a redirection', 302, '', { kind: 'unreachable', why: expect.stringContaining('redirect') }],
  ['a web page', 200, '<html>', { kind: 'not-json' }],
])('answers %s as a value', async (_name, status, text, expected) => {
  expect(await asked((_request, response) => response.writeHead(status, { location: '/x' }).end(text))).toEqual(
    expected,
  );
});

it('stops reading an answer without end', async () => {
  const answer = await asked((_request, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(1_048_576, 'x')));
    };
    response.on('drain', more);
    more();
  });
  expect(answer).toEqual({ kind: 'too-long' });
});

it('waits for an answer no longer than its time', async () => {
  expect(await asked(() => undefined, { timeoutMs: 50 })).toEqual({
    kind: 'unreachable',
    why: 'no answer within 0.05 s',
  });
});

/** Asks a server once. */
async function asked(
  answers: RequestListener,
  { body, timeoutMs = 10_000 }: { body?: unknown; timeoutMs?: number } = {},
): Promise<LitellmAnswer> {
  const server = createServer(answers);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const end = new AbortController().signal;
  return await askLitellm({ url, key: 'sk-key', timeoutMs }, '/page', { end, ...(body !== undefined && { body }) });
}
