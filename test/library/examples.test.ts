import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { childEnv, freePort, until } from '../../src/testing/index.ts';
import { eventServer, redis, twoUpstreams } from './stand.ts';

const FOLDER = fileURLToPath(new URL('../../examples/library/', import.meta.url));
const MOST_LINES = 40;

/** Runs an example as a process of its own, with two upstreams of which the first fails. */
async function run(file: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { a, b } = await twoUpstreams();
  const { address } = await redis();
  a.set('chat', { kind: 'status', status: 503 });
  const hooks = new URL('self-import.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', hooks, `${FOLDER}${file}`, ...args], {
    env: {
      ...childEnv(),
      REDIS_URL: address,
      FIRST_URL: a.apiBase,
      SECOND_URL: b.apiBase,
      FIRST_KEY: 'k',
      SECOND_KEY: 'l',
      MODEL: 'chat',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, output: () => output, b };
}

describe('an example', () => {
  it(`is shorter than ${MOST_LINES} lines`, () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(files.length).toBeGreaterThan(4);
    for (const name of files) {
      expect(readFileSync(`${FOLDER}${name}`, 'utf8').split('\n').length, name).toBeLessThanOrEqual(MOST_LINES);
    }
  });

  it.each([
    ['ai-sdk.ts', /chat: \w+, \d of 2 upstreams routable/],
    ['langchain.ts', /\w/],
  ])('%s prints an answer although an upstream fails, and ends', async (file, printed) => {
    const { ended, output } = await run(file, ['A question']);
    expect(await ended, output()).toBe(0);
    expect(output()).toMatch(printed);
  });

  it('express-service.ts serves, shows the states of its upstreams, and ends on SIGTERM', async () => {
    const port = await freePort();
    const { child, ended, output } = await run('express-service.ts', [], { PORT: String(port) });
    await until(() => output().includes('listens on'), { withinMs: 20_000, what: 'the service to listen' });
    const origin = `http://127.0.0.1:${port}`;
    const answer = await fetch(`${origin}/ask`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'A question' }),
    });
    expect([answer.status, await answer.json()]).toEqual([200, { answer: expect.any(String) }]);
    expect(await (await fetch(`${origin}/status`)).json()).toMatchObject({
      deployments: [{ id: 'first' }, { id: 'second' }],
    });
    child.kill('SIGTERM');
    expect(await ended, output()).toBe(0);
  });

  it('next-route/route.ts streams an answer through', async () => {
    const upstream = await eventServer();
    const { address } = await redis();
    Object.assign(process.env, {
      REDIS_URL: address,
      FIRST_URL: `${upstream.url}/v1`,
      SECOND_URL: `${upstream.url}/v1`,
    });
    const { POST } = await import('../../examples/library/next-route/route.ts');
    const body = JSON.stringify({ question: 'A question' });
    const asked = POST(new Request('http://localhost/api/ask', { method: 'POST', body }));
    await upstream.asked();
    upstream.send('data: one\n\n');
    const reader = (await asked).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: one\n\n');
    await reader.cancel();
    await (await (globalThis as unknown as { fleet: Promise<{ leave(): Promise<void> }> }).fleet).leave();
  });

  it('mcp-client.ts calls a tool at the server that is there', async () => {
    const url = await mcpServer();
    const gone = `http://127.0.0.1:${await freePort()}/mcp`;
    const { ended, output } = await run('mcp-client.ts', ['add', '{"a":1,"b":2}'], { MCP_SERVERS: `${gone},${url}` });
    expect(await ended, output()).toBe(0);
    expect(output()).toContain('[{"type":"text","text":"3"}]');
  });
});

/** A real MCP server with one tool. */
async function mcpServer(): Promise<string> {
  const server = createServer((request, response) => {
    const mcp = new McpServer({ name: 'test', version: '1.0.0' });
    mcp.registerTool('add', { inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => {
      return { content: [{ type: 'text', text: String(a + b) }] };
    });
    const transport = new StreamableHTTPServerTransport();
    void mcp.connect(transport).then(async () => await transport.handleRequest(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}
