import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { joinFleet, openai } from '../../src/library/index.ts';
import type { FleetMember, JoinOptions, LibraryUpstream } from '../../src/library/index.ts';
import { startMockUpstream, startRedisServer, until } from '../../src/testing/index.ts';
import type { MockUpstream, RedisServer } from '../../src/testing/index.ts';

/** Two servers with OpenAI's API. */
export interface TwoUpstreams {
  readonly a: MockUpstream;
  readonly b: MockUpstream;
  readonly targets: { readonly chat: readonly LibraryUpstream[] };
}

export async function twoUpstreams(): Promise<TwoUpstreams> {
  const [a, b] = await Promise.all([startMockUpstream(), startMockUpstream()]);
  onTestFinished(async () => await Promise.all([a.close(), b.close()]).then(() => {}));
  return {
    a,
    b,
    targets: {
      chat: [
        openai({ id: 'a', baseUrl: a.apiBase, apiKey: 'key-of-a' }),
        openai({ id: 'b', baseUrl: b.apiBase, apiKey: 'key-of-b' }),
      ],
    },
  };
}

export async function redis(): Promise<RedisServer & { readonly address: string }> {
  const server = await startRedisServer();
  onTestFinished(async () => await server.stop());
  return Object.assign(server, { address: `redis://127.0.0.1:${server.port}` });
}

/** Requests that one process sends to an upstream that fails: two in a row, and the test of the fleet. */
export const MOST_MET = 3;

/** Joins, and leaves at the end of the test. Says nothing on the console. */
export async function join<const T extends JoinOptions['targets']>(
  options: JoinOptions<T>,
): Promise<FleetMember<keyof T & string>> {
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const fleet = await joinFleet({ logger, ...options });
  onTestFinished(async () => await fleet.leave());
  return fleet;
}

/** One request for a chat, as a client of OpenAI makes it. */
export async function chat(send: typeof fetch, init: RequestInit = {}): Promise<Response> {
  return await send('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer of-the-caller' },
    body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'A question' }] }),
    ...init,
  });
}

/** A server whose answers are streams of events: the test sends those of the last one. */
export interface EventServer {
  readonly url: string;
  send(text: string): void;
  /** Closes the connection of the last answer. */
  drop(): void;
  /** Ends the last answer in order. */
  finish(): void;
  /** Requests so far. */
  requests(): number;
  /** Answers whose connection is open. */
  open(): number;
  /** Resolves once it was asked. */
  asked(): Promise<void>;
}

export async function eventServer(status = 200): Promise<EventServer> {
  let answer: ServerResponse | undefined;
  let requests = 0;
  let open = 0;
  const server = createServer((request, response) => {
    requests += 1;
    open += 1;
    response.once('close', () => (open -= 1));
    request.resume();
    response.writeHead(status, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    answer = response;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    send: (text) => void answer?.write(text),
    drop: () => void answer?.destroy(),
    finish: () => void answer?.end(),
    requests: () => requests,
    open: () => open,
    asked: async () => void (await until(() => answer !== undefined, { withinMs: 5_000, what: 'a request' })),
  };
}

/** Data of one event of a streamed chat, by OpenAI's format. */
export function chunk(content: string): string {
  const choice = { index: 0, delta: { role: 'assistant', content }, finish_reason: null };
  return JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'chat', choices: [choice] });
}
