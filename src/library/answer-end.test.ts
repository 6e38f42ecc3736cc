import { expect, it } from 'vitest';
import type { AttemptOutcome } from '../routing/index.ts';
import { manualClock } from '../testing/index.ts';
import { endWithAnswer } from './answer-end.ts';
import type { AnswerEnd } from './answer-end.ts';
import { createTimeLimits } from './time-limits.ts';

const OPEN_MS = 10_000;

/** An attempt whose answer has begun, what ended it, and what was reported after that. */
function begun(signal?: AbortSignal) {
  const clock = manualClock();
  const [ended, reported]: [AttemptOutcome[], AttemptOutcome[]] = [[], []];
  const router = { report: (_: string, outcome: AttemptOutcome) => void reported.push(outcome) } as never;
  const givenUp = { answered: () => {}, aborted: () => {}, run: () => undefined };
  const parts = { clock, router, givenUp, runningLimits: createTimeLimits(clock, OPEN_MS) };
  let end: (how: AnswerEnd) => void = () => {};
  const answer = { key: 'k', id: 'a', startedMs: clock.monotonicMs(), firstByteMs: 5, signal };
  endWithAnswer(parts, answer, (onEnd) => (end = onEnd))((outcome) => void ended.push(outcome));
  return { clock, ended, reported, end: (how: AnswerEnd) => end(how) };
}

it.each([
  ['whole', { kind: 'success', firstByteMs: 5, durationMs: 100 }],
  ['left', { kind: 'success', firstByteMs: 5, durationMs: 100 }],
  ['broken', { kind: 'failure', class: 'network', phase: 'after-first-byte', durationMs: 100 }],
  ['failed', { kind: 'failure', class: 'server', phase: 'after-first-byte', durationMs: 100 }],
] as const)('an answer that ends %s', (how, outcome) => {
  const { clock, ended, reported, end } = begun();
  clock.advance(100);
  end(how);
  clock.advance(2 * OPEN_MS);
  expect(ended).toEqual([outcome]);
  expect(reported).toEqual([]);
});

it('an answer that is open for long counts as a success, and as a failure too if it breaks off later', () => {
  const { clock, ended, reported, end } = begun();
  clock.advance(OPEN_MS);
  expect(ended).toEqual([{ kind: 'success', firstByteMs: 5, durationMs: OPEN_MS }]);
  clock.advance(OPEN_MS);
  end('broken');
  expect(ended).toHaveLength(1);
  expect(reported).toEqual([{ kind: 'failure', class: 'network', phase: 'after-first-byte', durationMs: 2 * OPEN_MS }]);
});

it.each(['left', 'broken', 'failed'] as const)(
  'an answer that ends %s after its caller gave up is no evidence',
  (how) => {
    const giveUp = new AbortController();
    const { ended, reported, end } = begun(giveUp.signal);
    giveUp.abort();
    end(how);
    expect(ended).toMatchObject([{ kind: 'neutral' }]);
    expect(reported).toEqual([]);
  },
);
