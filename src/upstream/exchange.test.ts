import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { realClock, startMockUpstream } from '../testing/index.ts';
import { exchange } from './exchange.ts';

it('takes a connection that ended before the request was written for a fault, and opens no other', async () => {
  const upstream = await startMockUpstream();
  const socket = connect(upstream.ports[0] ?? 0, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  await once(socket, 'close');
  const request = {
    method: 'GET',
    url: new URL(`${upstream.apiBase}/models`),
    headers: {},
    connectMs: 1_000,
    idleMs: 1_000,
    maxBytes: 1_000,
  } as const;
  const outcome = await exchange({ request, socket, clock: realClock(), signal: AbortSignal.timeout(2_000) });
  expect(outcome).toMatchObject({ kind: 'fault', class: 'network' });
  expect(upstream.stats().connections).toBe(1);
  await upstream.close();
});
