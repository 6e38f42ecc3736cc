import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { listen } from './listen.ts';

it('a port that is taken is a failure with a name', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(listen(() => new Response(''), { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'ALLSWELL_ERR_PORT_IN_USE',
    message: `cannot listen on 127.0.0.1:${port}: another process does`,
  });
  other.close();
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
    { host: '127.0.0.1', port: 0 },
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
    { host: '127.0.0.1', port: 0 },
  );
  const running = fetch(`http://127.0.0.1:${listener.port}/`).catch(() => 'dropped');
  await asked;
  await listener.close(20);
  expect(await running).toBe('dropped');
});

function gate(): { promise: Promise<void>; settle: () => void } {
  let settle = (): void => {};
  const promise = new Promise<void>((resolve) => (settle = resolve));
  return { promise, settle };
}
