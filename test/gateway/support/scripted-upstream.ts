import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

/** One request that the upstream got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: Record<string, unknown>;
  readonly atMs: number;
  /** Resolves when the client of the upstream closes the connection before it has the whole answer. */
  readonly aborted: Promise<void>;
}

/** Answers one request. `number` counts from 1. */
export type Script = (response: ServerResponse, request: Received, number: number) => void | Promise<void>;

/** A real HTTP server that answers as its script says, and counts. */
export interface ScriptedUpstream {
  readonly url: string;
  readonly requests: readonly Received[];
  script: Script;
  /** Stops listening and drops all connections, so that further ones are refused. */
  close(): Promise<void>;
  /** Listens again, on the same port. */
  reopen(): Promise<void>;
}

export async function startScriptedUpstream(script: Script): Promise<ScriptedUpstream> {
  const requests: Received[] = [];
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const part of incoming) chunks.push(part as Buffer);
    const body = Buffer.concat(chunks);
    const aborted = new Promise<void>((resolve) => {
      response.once('close', () => {
        if (!response.writableFinished) resolve();
      });
    });
    const received: Received = {
      path: incoming.url ?? '',
      headers: incoming.headers,
      body,
      json: parsed(body),
      atMs: performance.now(),
      aborted,
    };
    requests.push(received);
    await upstream.script(response, received, requests.length);
  };
  const server = createServer((incoming, response) => {
    response.on('error', () => {});
    answer(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const upstream: ScriptedUpstream = {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    script,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    reopen: async () => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
  };
  return upstream;
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A chat answer as OpenAI sends it. */
export function chatAnswer(text: string, model = 'upstream-model'): string {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  });
}

/** One chunk of a streamed chat. */
export function chunk(text: string, finish: string | null = null): string {
  const body = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'upstream-model',
    choices: [{ index: 0, delta: { content: text }, finish_reason: finish }],
  };
  return `data: ${JSON.stringify(body)}\n\n`;
}

/** Answers 200 with a whole chat. */
export const answersWell: Script = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(chatAnswer('hello'));
};

/** Answers with a status and OpenAI's envelope. */
export function answers(
  status: number,
  error: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Script {
  return (response) => {
    const body = { error: { message: `scripted ${status}`, type: 'scripted', param: null, code: null, ...error } };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** Streams `count` chunks, the finish reason and `[DONE]`. */
export function streams(count: number): Script {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let at = 0; at < count; at += 1) response.write(chunk(`t${at} `));
    response.write(chunk('', 'stop'));
    response.end('data: [DONE]\n\n');
  };
}
