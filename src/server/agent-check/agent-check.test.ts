import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, until } from '../../testing/index.ts';
import { listenForAgentChecks } from './agent-check.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

describe('the port of agent checks', () => {
  it.each([
    ['one part', ['a/*\n']],
    ['several parts', ['a', '/', '*\n']],
    ['a carriage return and more', ['a/*\r\nmore\nand more']],
  ])('answers the line that comes in %s, and ends the connection', async (_, parts) => {
    const asked: string[] = [];
    const { port } = await listening((name) => (asked.push(name), 'up 100%'));
    const socket = open(port);
    for (const part of parts) {
      socket.write(part);
      // oxlint-disable-next-line no-await-in-loop -- so that each is a packet of its own
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await allOf(socket)).toBe('up 100%\n');
    expect(asked).toEqual(['a/*']);
  });

  it('answers a client that has closed its side', async () => {
    const { port } = await listening(() => 'up 100%');
    const socket = open(port);
    socket.end('name\n');
    expect(await allOf(socket)).toBe('up 100%\n');
  });

  it.each([
    ['a line that is too long', 'x'.repeat(1_025), 60_000],
    ['a long line with an end', `${'x'.repeat(1_025)}\n`, 60_000],
    ['a line without an end, after its time', 'name', 50],
    ['nothing, after its time', '', 50],
  ])('drops a connection with %s', async (_, sent, deadlineMs) => {
    const { port, asked } = await listening(() => 'up 100%', deadlineMs);
    const socket = open(port);
    socket.write(sent);
    expect(await allOf(socket)).toBe('');
    expect(asked()).toBe(0);
  });

  it('takes 256 connections at once, and serves again when some have ended', async () => {
    const { port } = await listening(() => 'up 100%', 60_000);
    const waiting = Array.from({ length: 256 }, () => open(port));
    await Promise.all(waiting.map(async (socket) => await once(socket, 'connect')));
    expect(await allOf(open(port))).toBe('');
    for (const socket of waiting) socket.destroy();
    const answered = async (): Promise<boolean> => {
      const socket = open(port);
      socket.write('name\n');
      return (await allOf(socket)) === 'up 100%\n';
    };
    await until(answered, { withinMs: 5_000, what: 'an answer' });
  });

  it('drops waiting connections when it closes, and listens no more', async () => {
    const { port, close } = await listening(() => 'up 100%', 60_000);
    const socket = open(port);
    await once(socket, 'connect');
    const rest = allOf(socket);
    await Promise.all([close(), close()]);
    expect(await rest).toBe('');
    await expect(once(open(port), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('names a port that is in use', async () => {
    const { port } = await listening(() => 'up 100%');
    await expect(listenForAgentChecks({ host: '127.0.0.1', port, answer: String })).rejects.toMatchObject({
      code: 'ALLSWELL_ERR_PORT_IN_USE',
    });
  });
});

async function listening(
  answer: (name: string) => string,
  deadlineMs?: number,
): Promise<{ port: number; asked: () => number; close: () => Promise<void> }> {
  let asked = 0;
  const port = await freePort();
  const { close } = await listenForAgentChecks({
    host: '127.0.0.1',
    port,
    answer: (name) => ((asked += 1), answer(name)),
    ...(deadlineMs !== undefined && { deadlineMs }),
  });
  closing.push(close);
  return { port, asked: () => asked, close };
}

function open(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  socket.on('error', () => {});
  closing.push(() => socket.destroy());
  return socket;
}

async function allOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part: Buffer) => void (text += part.toString()));
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  return text;
}
