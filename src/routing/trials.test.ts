import { describe, expect, it } from 'vitest';
import type { ProbeResult } from '../ports/index.ts';
import { manualClock } from '../testing/index.ts';
import { createTrials } from './trials.ts';
import type { Trials } from './trials.ts';
import type { AttemptOutcome } from './types.ts';

const T = 'a'.repeat(24);

function open(isOverdue = false) {
  const clock = manualClock();
  const abort = new AbortController();
  const trials: Trials = createTrials({ clock, isOverdue: () => isOverdue });
  return { clock, abort, trials, probe: () => trials.prober.probe(T, 'inference', abort.signal) };
}

const outcomes: readonly (readonly [AttemptOutcome, Partial<ProbeResult>])[] = [
  [
    { kind: 'success', firstByteMs: 7, durationMs: 9 },
    { outcome: { kind: 'ok' }, latencyMs: 7 },
  ],
  [
    { kind: 'failure', class: 'overloaded', status: 429, retryAfterMs: 9e9, phase: 'before-first-byte', durationMs: 9 },
    {
      outcome: {
        kind: 'failed',
        failure: { class: 'overloaded', status: 429, message: 'a request failed', retryAfterMs: 600_000 },
      },
      latencyMs: 9,
    },
  ],
  [
    {
      kind: 'failure',
      class: 'not-found',
      status: 404,
      phase: 'before-first-byte',
      durationMs: 9,
      evidence: 'none',
    },
    { outcome: { kind: 'no-evidence', why: 'the request that tested it proved nothing' } },
  ],
  [
    { kind: 'caller-fault', fault: 'bad-request', status: 400, durationMs: 9 },
    { outcome: { kind: 'no-evidence', why: 'the request that tested it proved nothing' } },
  ],
  [
    { kind: 'neutral', durationMs: 9 },
    { outcome: { kind: 'no-evidence', why: 'the request that tested it proved nothing' } },
  ],
];

describe('a trial', () => {
  it.each(outcomes)('has the outcome of the one request that took it: %j', async (outcome, result) => {
    const { trials, probe } = open();
    expect(trials.take(T)).toBeUndefined();
    const probed = probe();
    const trial = trials.take(T);
    expect(trials.take(T)).toBeUndefined();
    trial?.ended(outcome);
    expect(await probed).toMatchObject({ level: 'inference', ...result });
  });

  it('ends without evidence where no request comes in time, and no later request takes it', async () => {
    const { clock, trials, probe } = open();
    const probed = probe();
    clock.advance(300_000);
    expect(await probed).toMatchObject({ outcome: { kind: 'no-evidence' }, sent: 'nothing' });
    expect(trials.take(T)).toBeUndefined();
  });

  it('ends at once when it is aborted, before and while it waits', async () => {
    const { abort, trials, probe } = open();
    const probed = probe();
    abort.abort();
    expect(await probed).toMatchObject({ outcome: { kind: 'no-evidence' }, sent: 'nothing' });
    expect(await probe()).toMatchObject({ outcome: { kind: 'no-evidence' }, sent: 'nothing' });
    expect(trials.take(T)).toBeUndefined();
  });

  it('waits less in a process with frequent requests, whose lease another one may need', async () => {
    const { clock, trials, probe } = open();
    trials.wanted(T, clock.monotonicMs());
    const probed = probe();
    clock.advance(10_000);
    expect(await probed).toMatchObject({ sent: 'nothing' });
  });
});

describe('a process', () => {
  it('is ready while it gets requests, and one with few of them once a trial is overdue', async () => {
    for (const isOverdue of [false, true]) {
      const { clock, trials } = open(isOverdue);
      expect(trials.isReady(T)).toBe(false);
      trials.wanted(T, clock.monotonicMs());
      expect(trials.isReady(T)).toBe(true);
      clock.advance(2_000);
      expect(trials.isReady(T)).toBe(isOverdue);
      clock.advance(298_000);
      expect(trials.isReady(T)).toBe(false);
    }
  });
});
