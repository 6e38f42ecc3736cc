import { describe, expect, it } from 'vitest';
import { createRequestCounts } from '../../telemetry/index.ts';
import type { RequestCounts } from '../../telemetry/index.ts';
import type { TrafficReport } from '../../ports/index.ts';
import { manualClock } from '../../testing/index.ts';
import type { ManualClock } from '../../testing/index.ts';
import { readMessage } from './read-message.ts';
import type { WorkerBatch } from './messages.ts';
import { createOutbox, MAX_REPORTS } from './outbox.ts';
import type { Outbox } from './outbox.ts';

describe('what a worker sends', () => {
  it('are reports at once, in batches that the primary process can read', () => {
    const { outbox, clock, sent } = opened();
    outbox.report(report(1));
    outbox.report(report(2));
    clock.advance(1);
    expect(sent.map(({ reports }) => reports.map(({ at }) => at))).toEqual([[1, 2]]);
    expect(readMessage(structuredClone(sent[0]))).toEqual({ kind: 'message', message: sent[0] });
  });

  it('are counters ten times a second, while there are any', () => {
    const { outbox, clock, sent, counts } = opened();
    for (let request = 0; request < 5; request += 1) {
      outbox.touched();
      counts.group('g').ended({ outcome: 'answered', status: 200 }, 10);
    }
    clock.advance(99);
    expect(sent).toEqual([]);
    clock.advance(1);
    expect(sent.map((batch) => batch.counts?.groups.map(({ ends }) => ends))).toEqual([[[['answered', 200, 5]]]]);
    outbox.read();
    clock.advance(950);
    expect(sent).toHaveLength(1);
    clock.advance(100);
    expect(sent).toHaveLength(2);
  });

  it('waits in memory, bounded and without a loss of counts, while the primary process does not read', () => {
    const { outbox, clock, sent, counts } = opened();
    outbox.report(report(0));
    clock.advance(1);
    for (let at = 1; at <= MAX_REPORTS + 5; at += 1) {
      outbox.report(report(at));
      counts.group('g').ended({ outcome: 'answered', status: 200 }, 10);
      outbox.used('d', { requests: at, tokens: 0, inFlight: 1, refused: 0, refusedTokens: 0 });
    }
    clock.advance(60_000);
    expect(sent).toHaveLength(1);
    outbox.read();
    clock.advance(1);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatchObject({ dropped: 5, uses: [['d', { requests: MAX_REPORTS + 5 }]] });
    expect(sent[1]?.reports).toHaveLength(MAX_REPORTS);
    expect(sent[1]?.reports[0]?.at).toBe(6);
    expect(sent[1]?.counts?.groups[0]?.ends).toEqual([['answered', 200, MAX_REPORTS + 5]]);
  });

  it('answers a question at once, also while a batch is not read', () => {
    const { outbox, clock, sent } = opened();
    outbox.report(report(1));
    clock.advance(1);
    outbox.sync(7);
    expect(sent.map(({ answers }) => answers)).toEqual([undefined, 7]);
  });
});

it('a message that is none is refused with its fault', () => {
  expect(readMessage({ kind: 'other' })).toMatchObject({ kind: 'invalid' });
  expect(readMessage(undefined)).toMatchObject({ kind: 'invalid' });
  const { outbox } = opened();
  expect(readMessage({ ...outbox.close(), inFlight: -1 })).toEqual({
    kind: 'invalid',
    why: expect.stringContaining('inFlight: '),
  });
});

interface Opened {
  readonly outbox: Outbox;
  readonly clock: ManualClock;
  readonly sent: WorkerBatch[];
  readonly counts: RequestCounts;
}

function opened(): Opened {
  const clock = manualClock();
  const sent: WorkerBatch[] = [];
  const counts = createRequestCounts();
  const outbox = createOutbox({
    counts,
    inFlight: () => 0,
    appliedShares: () => 0,
    resources: () => ({ residentBytes: 1, cpuS: 1 }),
    clock,
    send: (batch) => void sent.push(batch),
  });
  return { outbox, clock, sent, counts };
}

function report(at: number): TrafficReport {
  return {
    target: 't',
    at: at,
    ok: true,
    latencyMs: 1,
    verdict: 'success',
    witness: 'h',
  };
}
