import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FleetClientError } from '../client-error.ts';
import { followFleet } from './follow-fleet.ts';
import type { FleetFollower } from './follow-fleet.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Stand {
  readonly follower: FleetFollower;
  /** What was called, in order. */
  readonly calls: unknown[];
  /** Status of the next answers of `GET /fleet` and of the stream. */
  status: number;
  send(event: string, body: object): void;
  end(): void;
}

async function open(status = 200): Promise<Stand> {
  const calls: unknown[] = [];
  const encoder = new TextEncoder();
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  let sent = 0;
  const answer = async (url: unknown): Promise<Response> => {
    if (stand.status !== 200) return await Promise.resolve(new Response('', { status: stand.status }));
    if (String(url) === 'http://pod/fleet') return Response.json({ targets: [], fleet: 'default' });
    return new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          stream = controller;
          controller.enqueue(encoder.encode(': heartbeat\n\n'));
        },
      }),
    );
  };
  const stand = { status, calls } as Omit<Stand, 'follower'> & { follower: FleetFollower };
  stand.send = (event, body) =>
    stream?.enqueue(encoder.encode(`id: pod-${sent++}\nevent: ${event}\ndata: ${JSON.stringify(body)}\n\n`));
  stand.end = () => stream?.close();
  stand.follower = followFleet({
    url: 'http://pod',
    fetch: answer,
    onFleet: ({ fleet }) => calls.push(['fleet', fleet]),
    onTargets: ({ targets }) => calls.push(['targets', targets.length]),
    onTarget: ({ target }) => calls.push(['target', target]),
    onEvent: (event) => calls.push(['event', event]),
    onConnection: (connected) => calls.push(['connected', connected]),
    onFailure: (reason) => calls.push(['failure', (reason as FleetClientError).code ?? String(reason)]),
  });
  stand.follower.ready.catch(() => {});
  await vi.advanceTimersByTimeAsync(0);
  return stand;
}

describe('a follower', () => {
  it('gives on whole answers and each event', async () => {
    const { follower, calls, send } = await open();
    await follower.ready;
    send('snapshot', { targets: [{}] });
    send('verdict-changed', { target: 'a' });
    send('mode-changed', { mode: 'fallback' });
    await vi.advanceTimersByTimeAsync(0);
    await follower.refresh();
    expect(calls).toEqual([
      ['fleet', 'default'],
      ['connected', true],
      ['targets', 1],
      ['target', 'a'],
      ['event', 'verdict-changed'],
      ['event', 'mode-changed'],
      ['fleet', 'default'],
    ]);
    follower.close();
  });

  it('says when the connection is lost and why it cannot be made, and reads the fleet after it is back', async () => {
    const stand = await open();
    stand.status = 503;
    stand.end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stand.calls.slice(2, 4)).toEqual([
      ['connected', false],
      ['failure', expect.stringContaining('HTTP 503')],
    ]);
    stand.calls.length = 0;
    stand.status = 200;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(stand.calls).toEqual([
      ['connected', true],
      ['fleet', 'default'],
    ]);
    stand.follower.close();
  });

  it('stops where the pod refuses the key, and says that a key was revoked later', async () => {
    const refused = await open(401);
    await expect(refused.follower.ready).rejects.toMatchObject({ code: 'wrong-key' });
    expect(refused.calls).toEqual([['failure', 'wrong-key']]);
    const revoked = await open();
    revoked.status = 403;
    await expect(revoked.follower.refresh()).rejects.toMatchObject({ code: 'forbidden' });
    revoked.end();
    await vi.advanceTimersByTimeAsync(500);
    expect(revoked.calls.at(-1)).toEqual(['failure', 'forbidden']);
    revoked.follower.close();
  });

  it('calls nothing after it was closed', async () => {
    const { follower, calls } = await open();
    follower.close();
    await vi.advanceTimersByTimeAsync(0);
    const before = calls.length;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(calls.slice(before)).toEqual([]);
    expect(calls.filter((call) => String(call).startsWith('failure'))).toEqual([]);
  });
});
