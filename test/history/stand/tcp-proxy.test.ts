import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../src/testing/index.ts';
import { openTcpProxy } from './tcp-proxy.ts';
import type { TcpProxy } from './tcp-proxy.ts';

let server: Server;
let proxy: TcpProxy;

beforeEach(async () => {
  server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await openTcpProxy(() => (server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

describe('a proxy that can be cut', () => {
  it('carries data in both directions', async () => {
    const client = open();
    client.socket.write('one');
    await until(() => client.heard() === 'one', { withinMs: 2_000, what: 'the echo' });
    client.socket.destroy();
  });

  it('resets its connections and refuses new ones, until it is healed on the same port', async () => {
    const client = open();
    client.socket.write('one');
    await until(() => client.heard() === 'one', { withinMs: 2_000, what: 'the echo' });
    const { port } = proxy;
    await proxy.cut('refuse');
    await until(() => client.failure() !== '', { withinMs: 2_000, what: 'the reset' });
    const refused = open();
    await until(() => refused.failure() === 'ECONNREFUSED', { withinMs: 2_000, what: 'the refusal' });
    await proxy.heal();
    expect(proxy.port).toBe(port);
    const again = open();
    again.socket.write('two');
    await until(() => again.heard() === 'two', { withinMs: 2_000, what: 'the echo after healing' });
    again.socket.destroy();
  });

  it('delivers nothing without closing a connection, including new ones', async () => {
    const client = open();
    client.socket.write('one');
    await until(() => client.heard() === 'one', { withinMs: 2_000, what: 'the echo' });
    await proxy.cut('silence');
    client.socket.write('two');
    const late = open();
    late.socket.write('three');
    await until(() => late.connected(), { withinMs: 2_000, what: 'the connection of the late one' });
    // Another connection to the server itself is answered: what the silent ones sent would have been by then.
    const direct = open((server.address() as AddressInfo).port);
    direct.socket.write('four');
    await until(() => direct.heard() === 'four', { withinMs: 2_000, what: 'the echo without the proxy' });
    expect([client.heard(), client.failure(), late.heard(), late.failure()]).toEqual(['one', '', '', '']);
    await proxy.heal();
    await until(() => client.failure() !== '' && late.failure() !== '', { withinMs: 2_000, what: 'the resets' });
    direct.socket.destroy();
  });
});

interface Client {
  readonly socket: Socket;
  heard(): string;
  failure(): string;
  connected(): boolean;
}

function open(port: number = proxy.port): Client {
  const socket = connect({ port, host: '127.0.0.1' });
  let [heard, failure] = ['', ''];
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => (failure = code));
  return { socket, heard: () => heard, failure: () => failure, connected: () => !socket.connecting };
}
