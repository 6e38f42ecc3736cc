import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { routedTable } from '../../src/server/http/route-table.ts';
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

  it('answers HTTP/1.0 without Host on every route that wants no key, as HAProxy asks by default', async () => {
    const open = routedTable.filter(
      ({ auth, method, name, params }) =>
        auth === 'none' &&
        (method === 'GET' || method === 'OPTIONS') &&
        params === undefined &&
        // A redirect, and a page that is off by default.
        name !== 'dashboardEntry' &&
        name !== 'statusPage',
    );
    expect(open.flatMap(({ paths }) => paths)).toContain('/health/liveliness');
    for (const { method, paths } of open) {
      for (const path of paths) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const answer = await said(`${method} ${path} HTTP/1.0\r\n\r\n`);
        // The dashboard answers 503 where it is not built.
        const statuses = path === '/ui/' ? /^HTTP\/1\.1 (?:200|503) / : /^HTTP\/1\.1 200 OK\r/;
        expect(answer, `${method} ${path}`).toMatch(statuses);
      }
    }
    expect(await said('GET /health/liveliness HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
  });

  it('answers 400 to JSON that is nested deeper than anything can mean, or has too many values', async () => {
    const post = async (body: string): Promise<readonly [number, unknown]> => {
      const answer = await fetch(url('/health/test_connection'), { method: 'POST', headers: { authorization }, body });
      return [answer.status, ((await answer.json()) as { error?: { message?: unknown } }).error?.message];
    };
    const deep = `{"litellm_params":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
    expect(await post(deep)).toEqual([400, 'The request body is nested deeper than 32 levels.']);
    expect(await post('['.repeat(500_000))).toEqual([400, 'The request body is nested deeper than 32 levels.']);
    const many = JSON.stringify({
      litellm_params: Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`k${i}`, 1])),
    });
    const before = process.cpuUsage();
    expect(await post(many)).toEqual([400, 'The request body has more than 20000 keys and values.']);
    const most = JSON.stringify({
      litellm_params: Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`k${i}`, 1])),
    });
    expect((await post(most))[0]).toBe(400);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(5_000);
    expect(errors).toEqual([]);
  });

  it('lets no cache keep what a key opens', async () => {
    for (const path of ['/health', '/fleet', '/fleet/events', '/v1/models', '/health/shared-status']) {
      for (const key of [authorization, 'Bearer sk-wrong']) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const answer = await fetch(url(path), { headers: { authorization: key } });
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await answer.body?.cancel();
        expect([path, answer.headers.get('cache-control')]).toEqual([path, 'no-store']);
      }
    }
  });

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
