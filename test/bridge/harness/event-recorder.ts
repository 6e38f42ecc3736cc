import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One batch of events as LiteLLM sent it, and what the pod answered. */
export interface RecordedBatch {
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Stands between LiteLLM and a pod of ours, changes nothing, and remembers what passed. */
export interface EventRecorder {
  readonly url: string;
  readonly batches: readonly RecordedBatch[];
  /** Hands on to this URL from now on. */
  forwardTo(url: string): void;
  close(): Promise<void>;
}

/** Starts one on a free port of loopback. */
export async function startEventRecorder(): Promise<EventRecorder> {
  const batches: RecordedBatch[] = [];
  let target = '';
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const authorization = incoming.headers.authorization ?? '';
    const reply = await fetch(target, { method: 'POST', headers: { authorization }, body });
    const answer = await reply.text();
    const events = JSON.parse(body) as RecordedBatch['events'];
    batches.push({ events, status: reply.status, answer: JSON.parse(answer) as RecordedBatch['answer'] });
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' }).end(answer);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.writeHead(502).end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    batches,
    forwardTo: (url) => void (target = url),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
