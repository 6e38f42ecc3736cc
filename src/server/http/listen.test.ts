import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it } from 'vitest';
import { sendStream } from '../../http/index.ts';
import type { Handle, HotHandler } from '../../http/index.ts';
import type { Logger } from '../../ports/index.ts';
import { until } from '../../testing/index.ts';
import { listen } from './listen.ts';

const logger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

it('a port that is taken is a failure with a name', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(listen(() => new Response(''), { host: '127.0.0.1', port, logger })).rejects.toMatchObject({
    code: 'ALLSWELL_ERR_PORT_IN_USE',
    message: `cannot listen on 127.0.0.1:${port}: another process uses the port`,
  });
  other.close();
});

it('tells the router the address of the client, or the one that a process of the pod passed on', async () => {
  const handle: Handle = (_request, peer) => new Response(peer);
  const asked = async (peerHeader?: string): Promise<string> => {
    const header = peerHeader === undefined ? {} : { peerHeader };
    const listener = await listen(handle, { host: '127.0.0.1', port: 0, logger, ...header });
    const answer = await fetch(`http://127.0.0.1:${listener.port}/`, { headers: { 'x-peer': '10.9.8.7' } });
    const text = await answer.text();
    await listener.close(1_000);
    return text;
  };
  expect([await asked(), await asked('x-peer')]).toEqual(['127.0.0.1', '10.9.8.7']);
});

it('keeps an idle connection for longer than load balancers do, which are to close it first', async () => {
  const listener = await listen(() => new Response('done'), { host: '127.0.0.1', port: 0, logger });
  const answer = await fetch(`http://127.0.0.1:${listener.port}/`);
  const [, seconds] = /timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '') ?? [];
  expect(Number(seconds)).toBeGreaterThan(60);
  await answer.text();
  await listener.close(1_000);
});

it('closing lets a running request end', async () => {
  const { promise: asked, settle: arrived } = gate();
  const { promise: answer, settle: finish } = gate();
  const listener = await listen(
    async () => {
      arrived();
      await answer;
      return new Response('done');
    },
    { host: '127.0.0.1', port: 0, logger },
  );
  const running = fetch(`http://127.0.0.1:${listener.port}/`);
  await asked;
  const closed = listener.close(5_000);
  finish();
  expect(await (await running).text()).toBe('done');
  await closed;
});

it('closing drops a request that does not end in time', async () => {
  const { promise: asked, settle: arrived } = gate();
  const listener = await listen(
    async () => {
      arrived();
      return await new Promise<Response>(() => {});
    },
    { host: '127.0.0.1', port: 0, logger },
  );
  const running = fetch(`http://127.0.0.1:${listener.port}/`).catch(() => 'dropped');
  await asked;
  await listener.close(20);
  expect(await running).toBe('dropped');
});

it('drops the connection of an event stream whose client reads nothing, and of no other', async () => {
  const ended = new Set<string>();
  const chunk = new Uint8Array(64 * 1024);
  const stream = (name: string): ReadableStream<Uint8Array> =>
    new ReadableStream({ pull: (controller) => controller.enqueue(chunk), cancel: () => void ended.add(name) });
  const listener = await listen(
    (request) => {
      const name = new URL(request.url).pathname.slice(1);
      const type = name === 'file' ? 'application/octet-stream' : 'text/event-stream';
      return new Response(stream(name), { headers: { 'content-type': type } });
    },
    { host: '127.0.0.1', port: 0, stallMs: 200, logger },
  );
  const ask = (name: string): Socket => {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(`GET /${name} HTTP/1.1\r\nhost: x\r\n\r\n`));
    return socket.on('error', () => {});
  };
  const [stalled, file, reading] = [ask('stalled').pause(), ask('file').pause(), ask('reading').resume()];
  await until(() => ended.has('stalled'), { withinMs: 10_000, what: 'the stalled stream to be dropped' });
  expect([...ended]).toEqual(['stalled']);
  for (const socket of [stalled, file, reading]) socket.destroy();
  await listener.close(100);
});

it('drops the client of a hot answer that reads nothing, but no client whose request was declined', async () => {
  const ended = new Set<string>();
  const chunk = new Uint8Array(64 * 1024);
  const router = (): Response =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(chunk), cancel: () => void ended.add('routed') }),
      { headers: { 'content-type': 'application/octet-stream' } },
    );
  const hot: HotHandler = async (incoming, outgoing) => {
    if (incoming.url !== '/hot') return await Promise.resolve(false);
    const endless = (function* () {
      for (;;) yield chunk;
    })();
    ended.add((await sendStream(outgoing, ReadableStream.from(endless))).kind);
    return true;
  };
  const listener = await listen(router, { host: '127.0.0.1', port: 0, stallMs: 200, hot, logger });
  const ask = (path: string): Socket => {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
    return socket.on('error', () => {}).pause();
  };
  const routed = ask('/routed');
  // Long enough for the routed one to be dropped first, if it were watched.
  for (const again of [1, 2]) {
    const stalled = ask('/hot');
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await until(() => ended.delete('closed-by-client'), {
      withinMs: 10_000,
      what: `hot answer ${again} to be dropped`,
    });
    stalled.destroy();
  }
  expect([...ended]).toEqual([]);
  routed.destroy();
  await listener.close(100);
});

function gate(): { promise: Promise<void>; settle: () => void } {
  let settle = (): void => {};
  const promise = new Promise<void>((resolve) => (settle = resolve));
  return { promise, settle };
}
