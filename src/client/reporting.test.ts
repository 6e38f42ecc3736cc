import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ObservationBatchBody } from '../api/index.ts';
import { createPod } from './pod.ts';
import { createReporting } from './reporting.ts';
import type { Reporting } from './reporting.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const about = { target: 'a' };

interface Stand {
  readonly reporting: Reporting;
  /** Batches that were sent. */
  readonly batches: ObservationBatchBody[];
  /** What a pod answers from now on: a status, or none. */
  answer: number | 'none';
}

function open(): Stand {
  const batches: ObservationBatchBody[] = [];
  const pod = createPod({
    url: 'http://pod',
    fetch: async (_url, init) => {
      const batch = JSON.parse(init?.body as string) as ObservationBatchBody;
      batches.push(batch);
      if (stand.answer === 'none') throw new TypeError('fetch failed');
      const { length } = batch.observations;
      const taken = { accepted: length, unknown: 0, ignored: 0, problems: [] };
      return await Promise.resolve(Response.json(taken, { status: stand.answer }));
    },
  });
  const stand: Stand = { reporting: createReporting(pod, 'proxy-1'), batches, answer: 200 };
  return stand;
}

const sizes = ({ batches }: Stand): number[] => batches.map(({ observations }) => observations.length);

describe('reports', () => {
  it('are sent once a second, with the time of each', async () => {
    const stand = open();
    const { reporting, batches } = stand;
    const at = new Date().toISOString();
    expect(reporting.add(about, { ok: true, firstByteMs: 3, durationMs: 9 })).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    reporting.add({ deployment: 'd' }, { ok: false, status: 429, retryAfterMs: 5, class: 'overloaded', durationMs: 1 });
    await vi.advanceTimersByTimeAsync(499);
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    const later = new Date(Date.parse(at) + 500).toISOString();
    const failed = { ok: false, status: 429, retry_after_ms: 5, class: 'overloaded', duration_ms: 1 };
    expect(batches).toEqual([
      {
        reporter: 'proxy-1',
        observations: [
          { target: 'a', ok: true, first_token_ms: 3, duration_ms: 9, at },
          { deployment: 'd', ...failed, at: later },
        ],
      },
    ]);
    expect(reporting.counts).toEqual({ queued: 0, accepted: 2, unknown: 0, ignored: 0, dropped: 0 });
  });

  it('are sent at once by the hundred', async () => {
    const stand = open();
    for (let i = 0; i < 250; i++) stand.reporting.add(about, { ok: true });
    await vi.advanceTimersByTimeAsync(0);
    expect(sizes(stand)).toEqual([100, 100]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sizes(stand)).toEqual([100, 100, 50]);
  });

  it('wait in a bounded queue while no pod answers, and are dropped when they are too old to count', async () => {
    const stand = open();
    stand.answer = 'none';
    for (let i = 0; i < 1_200; i++) stand.reporting.add(about, { ok: true });
    expect(stand.reporting.counts).toMatchObject({ queued: 1_000, dropped: 200 });
    expect(stand.reporting.add(about, { ok: true })).toBe(false);
    await vi.advanceTimersByTimeAsync(20_000);
    const { queued, dropped } = stand.reporting.counts;
    expect([queued, dropped]).toEqual([1_000, 201]);
    expect(stand.batches.length).toBeLessThan(12);
    await vi.advanceTimersByTimeAsync(45_000);
    expect(stand.reporting.counts).toEqual({ queued: 0, accepted: 0, unknown: 0, ignored: 0, dropped: 1_201 });
    stand.answer = 200;
    stand.reporting.add(about, { ok: true });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stand.reporting.counts.accepted).toBe(1);
  });

  it.each([503, 429])('are sent again after HTTP %i', async (status) => {
    const stand = open();
    stand.answer = status;
    stand.reporting.add(about, { ok: true });
    await vi.advanceTimersByTimeAsync(1_000);
    stand.answer = 200;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(stand.reporting.counts).toMatchObject({ queued: 0, accepted: 1, dropped: 0 });
    expect(sizes(stand)).toEqual([1, 1]);
  });

  it.each([400, 401, 403, 413])('are dropped after HTTP %i', async (status) => {
    const stand = open();
    stand.answer = status;
    stand.reporting.add(about, { ok: true });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(stand.reporting.counts).toMatchObject({ queued: 0, accepted: 0, dropped: 1 });
    expect(sizes(stand)).toEqual([1]);
  });

  it('are sent before the end, and no more after it', async () => {
    const stand = open();
    stand.reporting.add(about, { ok: true });
    const closed = stand.reporting.close(2_000);
    await vi.advanceTimersByTimeAsync(0);
    await closed;
    expect(sizes(stand)).toEqual([1]);
    expect(stand.reporting.add(about, { ok: true })).toBe(false);
    const lost = open();
    lost.answer = 'none';
    for (let i = 0; i < 300; i++) lost.reporting.add(about, { ok: true });
    await vi.advanceTimersByTimeAsync(0);
    const ended = lost.reporting.close(2_000);
    await vi.advanceTimersByTimeAsync(2_000);
    await ended;
    expect(lost.reporting.counts).toMatchObject({ queued: 0, dropped: 300 });
  });
});
