import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { startServer } from '../../src/server/index.ts';
import type { RunningServer } from '../../src/server/index.ts';

const quiet = { debug() {}, info() {}, warn() {}, error: (message: string) => errors.push(message) };
const errors: string[] = [];
let pod: RunningServer;

beforeAll(async () => {
  // Nobody listens there, so the one target is down at once.
  const text = `
model_list: [{ model_name: nobody, litellm_params: { model: openai/gpt-4o, api_base: 'http://127.0.0.1:9/v1', api_key: sk-u } }]
general_settings: { master_key: sk-wire, background_health_checks: true }`;
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error('the configuration of this test was refused');
  pod = await startServer(loaded.config, { host: '127.0.0.1', port: 0, createLogger: () => quiet, drainMs: 2_000 });
});

afterAll(async () => await pod.stop());

const url = (path: string): string => `http://127.0.0.1:${pod.port}${path}`;
const authorization = 'Bearer sk-wire';

describe('over a socket', () => {
  it('whatever bytes come, the pod answers or hangs up, and lives', async () => {
    const line = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom(...hostile));
    await fc.assert(
      fc.asyncProperty(line, async (bytes) => {
        const answer = await said(bytes);
        expect(answer === '' || answer.startsWith('HTTP/1.1 ')).toBe(true);
        expect(answer).not.toMatch(/^HTTP\/1\.1 500/);
      }),
      { numRuns: 100 },
    );
    expect((await fetch(url('/health/liveliness'))).status).toBe(200);
    expect(errors).toEqual([]);
  }, 60_000);

  it('refuses a body without end as soon as it is too long', async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
    const sent = { method: 'POST', headers: { authorization }, body: endless, duplex: 'half' } as const;
    expect((await fetch(url('/health/test_connection'), sent)).status).toBe(413);
  });

  it('streams the view, goes on where it broke off, and ends with the pod', async () => {
    const stream = async (headers: Record<string, string>): Promise<string> => {
      const answer = await fetch(url('/fleet/events'), { headers: { authorization, ...headers } });
      expect(answer.headers.get('content-type')).toBe('text/event-stream');
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      const { value } = await reader.read();
      await reader.cancel();
      return new TextDecoder().decode(value);
    };
    const first = await stream({});
    expect(first).toMatch(/^id: pod_\w+-\d+\nevent: snapshot\ndata: \{/);
    const id = /^id: (.+)$/m.exec(first)?.[1] ?? '';
    // A change may have come meanwhile; nothing it has seen comes again.
    expect(await stream({ 'last-event-id': id })).toMatch(/^: heartbeat\n\n|^id: pod_\w+-\d+\nevent: (?!snapshot)/);
    const open = await fetch(url('/fleet/events'), { headers: { authorization } });
    await pod.stop();
    expect(await open.text()).toContain('event: snapshot');
  });
});

const hostile = [
  'GET / HTTP/1.1\r\n\r\n',
  'GET /%E0%A4%A HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET //evil HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET http://[::1 HTTP/1.1\r\nhost: x\r\n\r\n',
  'GET /health HTTP/1.1\r\nhost: a b\r\n\r\n',
  'GET /health HTTP/1.1\r\nhost: \r\nauthorization: Bearer \u00e9\r\n\r\n',
  'GET /health?model=%zz HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-wire\r\n\r\n',
  'POST /health/test_connection HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-wire\r\ncontent-length: -1\r\n\r\n',
  'POST /health/test_connection HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-wire\r\ncontent-length: 10\r\n\r\nabc',
  'POST /health/test_connection HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-wire\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n',
  'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n',
  'HEAD /fleet/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk-wire\r\nconnection: close\r\n\r\n',
];

/** Sends bytes, says that no more will come, and gives what came back until the pod hung up. */
async function said(bytes: string): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect(pod.port, '127.0.0.1', () => socket.end(bytes, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}
