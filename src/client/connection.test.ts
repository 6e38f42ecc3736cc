import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from './connect.ts';
import type { FleetClient } from './types.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ID = 'a'.repeat(24);

interface Stand {
  readonly client: FleetClient;
  /** Requests so far: path, and `Last-Event-ID`. */
  readonly asked: string[];
  /** State of the one target in the next answer of `GET /fleet`. */
  state: string;
  /** What the next event stream is, if not open: a status with a Retry-After, or closed at once. */
  next: 'open' | 'ends' | 503;
  /** Status of the next answers of `GET /fleet`. */
  page: 200 | 500;
  send(text: string): void;
  /** Breaks the event stream. */
  fail(error: Error): void;
}

async function open(changes: Partial<Stand> = {}): Promise<Stand> {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  const encoder = new TextEncoder();
  const stand = {
    asked: [] as string[],
    state: 'up',
    next: 'open' as Stand['next'],
    page: 200 as Stand['page'],
    ...changes,
  };
  const send = (text: string): void => stream?.enqueue(encoder.encode(text));
  const answer = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const path = String(url).replace('http://pod', '');
    const id = new Headers(init?.headers).get('last-event-id');
    stand.asked.push(id === null ? path : `${path} ${id}`);
    if (path === '/fleet' && stand.page === 500) return new Response('', { status: 500 });
    if (path === '/fleet') return Response.json({ mode: 'shared', targets: [body(stand.state)] });
    if (stand.next === 503) return new Response('', { status: 503, headers: { 'retry-after': '30' } });
    const source = new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) });
    init?.signal?.addEventListener('abort', () => stream?.error(new Error('aborted')));
    send(': heartbeat\n\n');
    if (stand.next === 'ends') stream?.close();
    return new Response(source);
  };
  const client = connect({ url: 'http://pod', fetch: answer });
  await vi.advanceTimersByTimeAsync(0);
  return Object.assign(stand, { client, send, fail: (error: Error) => stream?.error(error) });
}

function body(effective: string): object {
  return { target: ID, deployments: [], effective, hold: null, stale: false, age_seconds: 1, since: null, why: '' };
}

const event = (number: number, state: string): string =>
  `id: pod-${number}\nevent: verdict-changed\ndata: ${JSON.stringify(body(state))}\n\n`;

describe('the connection of a client', () => {
  it("shows its pod's mode as it changes, and why it is not connected", async () => {
    const stand = await open();
    expect([stand.client.mode, stand.client.lastError]).toEqual(['shared', null]);
    stand.send('event: mode-changed\nid: pod-2\ndata: {"mode":"fallback"}\n\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(stand.client.mode).toBe('fallback');
    stand.next = 503;
    stand.fail(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
    await vi.advanceTimersByTimeAsync(0);
    expect(stand.client.lastError).toBe('fetch failed: connect ECONNREFUSED');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stand.client.lastError).toBe('http://pod/fleet/events answered HTTP 503');
    expect(stand.client.mode).toBe('fallback');
    await stand.client.close();
  });

  it('shows states as stale while the stream is open and GET /fleet fails, until it is read again', async () => {
    const stand = await open();
    stand.page = 500;
    const pass = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 10_000) {
        stand.send(': heartbeat\n\n');
        // oxlint-disable-next-line no-await-in-loop -- time passes in steps
        await vi.advanceTimersByTimeAsync(10_000);
      }
    };
    await pass(60_000);
    expect([stand.client.connected, stand.client.state(ID)?.stale]).toEqual([true, false]);
    await pass(60_000);
    expect([stand.client.connected, stand.client.state(ID)?.stale]).toEqual([true, true]);
    stand.page = 200;
    await pass(30_000);
    expect(stand.client.state(ID)?.stale).toBe(false);
    await stand.client.close();
  });

  it('reads the fleet again if an event is missing, and only then', async () => {
    const stand = await open();
    stand.send(event(4, 'suspect'));
    stand.send(event(5, 'down'));
    await vi.advanceTimersByTimeAsync(0);
    expect(stand.client.state(ID)?.state).toBe('down');
    expect(stand.asked).toEqual(['/fleet', '/fleet/events']);
    vi.advanceTimersByTime(1);
    stand.state = 'degraded';
    stand.send(event(7, 'up'));
    await vi.advanceTimersByTimeAsync(0);
    expect(stand.asked).toEqual(['/fleet', '/fleet/events', '/fleet']);
    await stand.client.close();
  });

  it('is made again where the pod sends nothing for 40 s, and not before', async () => {
    const stand = await open();
    stand.send(event(4, 'down'));
    await vi.advanceTimersByTimeAsync(29_000);
    stand.send(': heartbeat\n\n');
    await vi.advanceTimersByTimeAsync(39_000);
    expect(stand.client.connected).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([stand.client.connected, stand.client.state(ID)?.stale]).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(250);
    expect(stand.client.connected).toBe(true);
    expect(stand.asked.filter((one) => one !== '/fleet')).toEqual(['/fleet/events', '/fleet/events pod-4']);
    await stand.client.close();
  });

  it('reads the fleet again after it was lost', async () => {
    const stand = await open({ next: 'ends' });
    stand.state = 'down';
    stand.next = 'open';
    await vi.advanceTimersByTimeAsync(500);
    expect(stand.asked).toEqual(['/fleet', '/fleet/events', '/fleet/events', '/fleet']);
    expect(stand.client.state(ID)?.state).toBe('down');
    await stand.client.close();
  });

  it('is tried ever less often where each stream ends at once', async () => {
    const stand = await open({ next: 'ends' });
    await vi.advanceTimersByTimeAsync(60_000);
    const streams = stand.asked.filter((one) => one === '/fleet/events').length;
    // Waits of 0.25, 0.5, 1, 2, 4, 8, 10 … s, or half of each.
    expect(streams).toBeGreaterThan(7);
    expect(streams).toBeLessThan(20);
    await stand.client.close();
  });

  it('waits for as long as a pod without a place asks', async () => {
    const stand = await open({ next: 503 });
    await vi.advanceTimersByTimeAsync(29_000);
    expect(stand.asked).toEqual(['/fleet', '/fleet/events']);
    await expect(stand.client.ready).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('HTTP 503'),
    });
    stand.next = 'open';
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stand.client.connected).toBe(true);
    await stand.client.close();
  });

  it('begins with a snapshot after an event that cannot be read', async () => {
    const stand = await open();
    stand.send(event(4, 'down'));
    stand.send('id: pod-5\nevent: verdict-changed\ndata: {"target\n\n');
    await vi.advanceTimersByTimeAsync(500);
    expect(stand.asked.filter((one) => one !== '/fleet')).toEqual(['/fleet/events', '/fleet/events']);
    await stand.client.close();
  });
});

it('nothing is asked after the end', async () => {
  const stand = await open();
  await stand.client.close();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(stand.asked).toEqual(['/fleet', '/fleet/events']);
  expect(vi.getTimerCount()).toBe(0);
});
