import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../testing/index.ts';
import { MAX_BODY_BYTES, rawRequestFrom } from './raw-request.ts';
import type { RawRequest } from './raw-request.ts';
import { eventStreamAnswer, sendStream, streamAnswer } from './stream-answer.ts';
import type { Sent } from './stream-answer.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

type Answering = (raw: RawRequest, outgoing: ServerResponse) => Promise<void>;

/** A bare `node:http` server. */
async function serve(answer: Answering): Promise<number> {
  const server = createServer((incoming: IncomingMessage, outgoing) => {
    void answer(rawRequestFrom(incoming, outgoing), outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function send(port: number, text: string): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  opened.push(() => socket.destroy());
  return socket.on('error', () => {});
}

const chunk = new Uint8Array(64 * 1024);

/** An endless source that counts what it was asked for. */
function counted(): { source: AsyncIterable<Uint8Array>; made: () => number; ended: () => boolean } {
  let made = 0;
  let ended = false;
  const source = (async function* () {
    try {
      for (;;) {
        made += 1;
        yield chunk;
      }
    } finally {
      ended = true;
    }
  })();
  return { source, made: () => made, ended: () => ended };
}

describe('an answer in parts', () => {
  it('asks its source for a part only when the last one was taken', async () => {
    const { source, made, ended } = counted();
    const answer = streamAnswer(source, { status: 201, headers: { 'x-kind': 'parts' } });
    expect([answer.status, answer.headers.get('x-kind'), made()]).toEqual([201, 'parts', 0]);
    const reader = answer.body!.getReader();
    await reader.read();
    await reader.read();
    expect(made()).toBe(2);
    await reader.cancel();
    expect(ended()).toBe(true);
  });

  it('takes a web stream as it is', async () => {
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('whole'));
        controller.close();
      },
    });
    expect(streamAnswer(source).body).toBe(source);
    const events = eventStreamAnswer(source);
    expect(Object.fromEntries(events.headers)).toEqual({
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
    });
    expect(await events.text()).toBe('whole');
  });

  it('is written to a socket at the speed of the client, and ends its source when the client leaves', async () => {
    const { source, made, ended } = counted();
    let sent: Sent | undefined;
    const port = await serve(async (_raw, outgoing) => void (sent = await sendStream(outgoing, source)));
    const socket = send(port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n').pause();
    // The buffers of both sockets take some megabytes; then the count stands still.
    let seen = -1;
    await until(() => (made() > 1 && made() === seen ? true : ((seen = made()), false)), {
      withinMs: 10_000,
      everyMs: 200,
      what: 'the source to wait',
    });
    expect(made()).toBeLessThan(1_000);
    socket.resume();
    await until(() => made() > seen + 100, { withinMs: 10_000, what: 'the source to go on' });
    expect(sent).toBeUndefined();
    socket.destroy();
    await until(() => sent !== undefined, { withinMs: 10_000, what: 'the answer to end' });
    expect([sent, ended()]).toEqual([{ kind: 'closed-by-client' }, true]);
  });

  it('of a source that fails is no whole answer to its client', async () => {
    let sent: Sent | undefined;
    let fail = (): void => {};
    const failing = new Promise<void>((_resolve, reject) => (fail = () => reject(new Error('the upstream broke'))));
    const port = await serve(async (_raw, outgoing) => {
      const source = (async function* () {
        yield Buffer.from('first');
        await failing;
      })();
      sent = await sendStream(outgoing, source);
    });
    const reader = (await fetch(`http://127.0.0.1:${port}/`)).body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('first');
    fail();
    await expect(reader.read()).rejects.toThrow('terminated');
    expect(sent).toEqual({ kind: 'source-failed', why: 'the upstream broke' });
  });

  it.each([undefined, null, 'text'])(
    'of a source that throws %s, which is no Error, has failed too',
    async (thrown) => {
      let sent: Sent | undefined;
      const port = await serve(async (_raw, outgoing) => {
        const source = new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(Buffer.from('first')),
          pull: (controller) => controller.error(thrown),
        });
        sent = await sendStream(outgoing, source);
      });
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
      expect(sent).toEqual({ kind: 'source-failed', why: String(thrown) });
    },
  );

  it('that reached its client is whole', async () => {
    let sent: Sent | undefined;
    const port = await serve(async (_raw, outgoing) => {
      sent = await sendStream(
        outgoing,
        (async function* () {
          yield Buffer.from('one ');
          yield Buffer.from('two');
        })(),
      );
    });
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('one two');
    expect(sent).toEqual({ kind: 'whole' });
  });
});

describe('a raw request', () => {
  it('has every byte of its body, as often as it is asked', async () => {
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at % 256));
    const found: unknown[] = [];
    const port = await serve(async (raw, outgoing) => {
      const [first, again] = [await raw.bytes(), await raw.bytes()];
      found.push(raw.method, raw.path, raw.headers.get('x-many'), first.kind === 'whole' && first.bytes.equals(body));
      found.push(first === again, raw.signal.aborted);
      outgoing.end();
    });
    const headers: [string, string][] = [
      ['x-many', 'a'],
      ['x-many', 'b'],
    ];
    await fetch(`http://127.0.0.1:${port}/v1/thing?x=%2F`, { method: 'PUT', headers, body });
    expect(found).toEqual(['PUT', '/v1/thing?x=%2F', 'a, b', true, true, false]);
  });

  it('that is too large can be answered, and its rest is not taken for the next request', async () => {
    const kinds: string[] = [];
    const port = await serve(async (raw, outgoing) => {
      const { kind } = await raw.bytes();
      kinds.push(`${raw.path} ${kind}`);
      outgoing.writeHead(413).end('too large');
    });
    const size = MAX_BODY_BYTES + 200_000;
    const head = `POST /large HTTP/1.1\r\nhost: x\r\ncontent-length: ${size}\r\n\r\n`;
    const socket = send(port, head + 'x'.repeat(MAX_BODY_BYTES + 1));
    let text = '';
    let ended = false;
    socket
      .setEncoding('latin1')
      .on('data', (part: string) => (text += part))
      .on('close', () => (ended = true));
    await until(() => ended, { withinMs: 10_000, what: 'the connection to be closed' });
    expect(text).toMatch(/^HTTP\/1\.1 413 [^]*connection: close[^]*too large/i);
    expect(kinds).toEqual(['/large too-large']);
  });

  it('aborts when its client leaves, also while the body is read', async () => {
    const kinds: string[] = [];
    const port = await serve(async (raw) => {
      raw.signal.addEventListener('abort', () => kinds.push('aborted'));
      kinds.push('came');
      kinds.push((await raw.bytes()).kind);
    });
    const socket = send(port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n12345');
    await until(() => kinds.length === 1, { withinMs: 10_000, what: 'the request' });
    socket.destroy();
    await until(() => kinds.length === 3, { withinMs: 10_000, what: 'the end' });
    expect(kinds.toSorted()).toEqual(['aborted', 'came', 'unreadable']);
  });
});
