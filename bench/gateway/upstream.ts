import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { CHUNKS, chunkText } from './job.ts';
import type { UpstreamPace } from './job.ts';

// The upstream, a process of its own: an OpenAI chat endpoint at every path, on bare sockets, because it shares a processor
// core with the load generator. Its parent sends the pace; each is confirmed.

let pace: UpstreamPace = { delayMs: 0, pauseMs: 0 };

process.on('message', (next: UpstreamPace) => {
  pace = next;
  process.send?.('paced');
});
process.once('disconnect', () => process.exit());

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', 4_096, () => process.send?.((server.address() as AddressInfo).port));

const BODY = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'bench',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'A short answer, as most are. '.repeat(8) },
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 40, completion_tokens: 60, total_tokens: 100 },
});
const WHOLE = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
);
const STREAM_HEAD = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req_bench\r\ntransfer-encoding: chunked\r\n\r\n',
);
const PARTS = [...Array.from({ length: CHUNKS }, (_, number) => chunked(eventOf(number))), chunked('data: [DONE]\n\n')];
const STREAM_END = Buffer.from('0\r\n\r\n');

function eventOf(number: number): string {
  const isLast = number === CHUNKS - 1;
  const choice = { index: 0, delta: { content: chunkText(number) }, finish_reason: isLast ? 'stop' : null };
  const body = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'bench' };
  return `data: ${JSON.stringify({ ...body, choices: [choice] })}\n\n`;
}

function chunked(text: string): Buffer {
  return Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n`);
}

function serve(socket: Socket): void {
  let rest = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    rest += bytes.toString('latin1');
    for (let request = take(); request !== undefined; request = take()) answer(socket, request);
  });
  const take = (): string | undefined => {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd === -1) return undefined;
    const length = /\r\ncontent-length: *(\d+)/i.exec(rest.slice(0, headEnd))?.[1];
    if (length === undefined) {
      socket.end('HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return undefined;
    }
    const end = headEnd + 4 + Number(length);
    if (rest.length < end) return undefined;
    const body = rest.slice(headEnd + 4, end);
    rest = rest.slice(end);
    return body;
  };
}

function answer(socket: Socket, body: string): void {
  if (/"stream": ?true/.test(body)) return stream(socket);
  if (pace.delayMs === 0) socket.write(WHOLE);
  else setTimeout(() => socket.write(WHOLE), pace.delayMs);
}

function stream(socket: Socket): void {
  const { pauseMs } = pace;
  socket.write(STREAM_HEAD);
  let sent = 0;
  const next = (): void => {
    const part = PARTS[sent];
    sent += 1;
    if (socket.destroyed) return;
    if (part === undefined) {
      socket.write(STREAM_END);
      return;
    }
    socket.write(part);
    if (pauseMs === 0) setImmediate(next);
    else setTimeout(next, pauseMs);
  };
  next();
}
