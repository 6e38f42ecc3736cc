import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it would have reached the upstream. */
export interface Recorded {
  readonly method: string;
  /** With the host that it was meant for. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of a JSON body; the text of any other, and undefined where there is none. */
  readonly body: unknown;
}

/** An upstream that stands in for all hosts: senders name the host and the deployment in two headers. */
export interface Recorder {
  readonly url: string;
  /** The first request of a deployment. */
  first(id: string): Recorded | undefined;
  close(): Promise<void>;
}

export async function startRecorder(): Promise<Recorder> {
  const recorded = new Map<string, Recorded>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const {
        'x-recorded-id': id,
        'x-recorded-origin': origin,
        ...headers
      } = request.headers as Record<string, string>;
      const url = `${origin}${request.url}`;
      const body = parsed(Buffer.concat(chunks).toString());
      if (id !== undefined && !recorded.has(id)) recorded.set(id, { method: request.method ?? '', url, headers, body });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answerTo(url)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    first: (id) => recorded.get(id),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Good enough for a client to be content; what it makes of the answer is not compared. */
function answerTo(url: string): object {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, input_tokens: 1, output_tokens: 1 };
  const base = { id: 'a', created: 1, created_at: 1, model: 'm', usage };
  if (url.includes('/embeddings')) {
    return { ...base, object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0] }] };
  }
  if (url.includes('/responses')) {
    const content = [{ type: 'output_text', text: 'hi', annotations: [] }];
    const output = [{ type: 'message', id: 'b', role: 'assistant', status: 'completed', content }];
    return { ...base, object: 'response', status: 'completed', output, parallel_tool_calls: false, tools: [] };
  }
  if (url.includes('/messages')) {
    return {
      ...base,
      type: 'message',
      role: 'assistant',
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: 'hi' }],
    };
  }
  const message = { role: 'assistant', content: 'hi' };
  return { ...base, object: 'chat.completion', choices: [{ index: 0, finish_reason: 'stop', message, text: 'hi' }] };
}
