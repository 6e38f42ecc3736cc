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

it('drops a client that reads nothing of its answer, whatever handler gives it, and no client that reads', async () => {
  const ended = new Set<string>();
  const chunk = new Uint8Array(64 * 1024);
  const endless = (name: string): ReadableStream<Uint8Array> =>
    new ReadableStream({ pull: (controller) => controller.enqueue(chunk), cancel: () => void ended.add(name) });
  const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
  const hot: HotHandler = async (incoming, outgoing) => {
    if (incoming.url !== '/hot') return await Promise.resolve(false);
    await sendStream(outgoing, endless('hot'));
    return true;
  };
  const routed = ({ url }: Request): Response => {
    const type = nameOf(url) === 'file' ? 'application/octet-stream' : 'text/event-stream';
    return new Response(endless(nameOf(url)), { headers: { 'content-type': type } });
  };
  const listener = await listen(routed, { host: '127.0.0.1', port: 0, stallMs: 200, hot, logger });
  const ask = (name: string): Socket => {
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(`GET /${name} HTTP/1.1\r\nhost: x\r\n\r\n`));
    return socket.on('error', () => {});
  };
  const readers = ['hot', 'read-stream'].map((name) => ask(name).resume());
  const stalled = ['hot', 'stream', 'file'].map((name) => ask(name).pause());
  await until(() => ['hot', 'stream', 'file'].every((name) => ended.has(name)), {
    withinMs: 10_000,
    what: 'the three clients that read nothing to be dropped',
  });
  expect(readers.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  expect(ended).not.toContain('read-stream');
  for (const socket of [...stalled, ...readers]) socket.destroy();
  await listener.close(100);
});

it('keeps a client that takes a part of its answer now and then', async () => {
  const chunk = new Uint8Array(64 * 1024);
  const listener = await listen(
    () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })),
    { host: '127.0.0.1', port: 0, stallMs: 400, logger },
  );
  const slow = connect(listener.port, '127.0.0.1', () => slow.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
  let parts = 0;
  const startedMs = performance.now();
  slow
    .on('error', () => {})
    .on('data', () => {
      parts += 1;
      slow.pause();
      setTimeout(() => slow.resume(), 10);
    });
  // Four deadlines.
  await until(() => performance.now() - startedMs > 1_600, { withinMs: 10_000, what: 'four deadlines to pass' });
  expect([slow.destroyed, parts > 20]).toEqual([false, true]);
  slow.destroy();
  await listener.close(100);
});

function gate(): { promise: Promise<void>; settle: () => void } {
  let settle = (): void => {};
  const promise = new Promise<void>((resolve) => (settle = resolve));
  return { promise, settle };
}
