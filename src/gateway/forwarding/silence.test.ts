import { expect, it } from 'vitest';
import type { Clock } from '../../ports/index.ts';
import { manualClock } from '../../testing/index.ts';
import { watchSilence } from './silence.ts';
import type { Silence } from './silence.ts';

const limits = { firstByteMs: 1_000, idleMs: 300, totalMs: 5_000 };

function watched(): { clock: ReturnType<typeof manualClock>; silence: Silence; ended: string[] } {
  const clock = manualClock();
  const ended: string[] = [];
  return { clock, ended, silence: watchSilence(limits, clock, (message) => ended.push(message)) };
}

it('ends an answer that does not begin', () => {
  const { clock, ended } = watched();
  clock.advance(999);
  expect(ended).toEqual([]);
  clock.advance(1);
  expect(ended).toEqual(['no first byte within 1000 ms']);
});

it('ends an answer that stops in the middle, and not one that goes on', () => {
  const { clock, silence, ended } = watched();
  for (let part = 0; part < 10; part += 1) {
    clock.advance(200);
    silence.heard();
  }
  expect(ended).toEqual([]);
  clock.advance(300);
  expect(ended).toEqual(['no data for 300 ms in the middle of the answer']);
});

it('ends an answer that goes on for too long', () => {
  const { clock, silence, ended } = watched();
  for (let part = 0; part < 25; part += 1) {
    silence.heard();
    clock.advance(200);
  }
  expect(ended).toEqual(['no end of the answer within 5000 ms']);
});

it('does not blame an upstream whose reader has paused', () => {
  const { clock, silence, ended } = watched();
  silence.heard();
  silence.pause();
  clock.advance(3_000);
  silence.resume();
  clock.advance(299);
  expect(ended).toEqual([]);
  clock.advance(1);
  expect(ended).toEqual(['no data for 300 ms in the middle of the answer']);
});

it('says nothing once it has stopped', () => {
  const { clock, silence, ended } = watched();
  silence.stop();
  clock.advance(10_000);
  expect(ended).toEqual([]);
});

/** A clock of a process that stands still: its timers run late. */
function standingStill(): { clock: Clock; advance: (ms: number) => void; stand: (ms: number) => void } {
  const clock = manualClock();
  let stoodMs = 0;
  return {
    clock: {
      ...clock,
      monotonicMs: () => clock.monotonicMs() + stoodMs,
      setTimer: (ms, run) => clock.setTimer(ms, run),
    },
    advance: (ms) => clock.advance(ms),
    stand: (ms) => (stoodMs += ms),
  };
}

it('fault: blames the upstream for the time in which this process stood still', () => {
  const { clock, advance, stand } = standingStill();
  const ended: string[] = [];
  const silence = watchSilence(limits, clock, (message) => ended.push(message));
  advance(500);
  stand(9_000);
  advance(500);
  expect(ended).toEqual([]);
  // The answer was there all the time, unread.
  silence.heard();
  advance(299);
  expect(ended).toEqual([]);
  advance(1);
  expect(ended).toEqual(['no data for 300 ms in the middle of the answer']);
});

it('gives an upstream its time anew after the process stood still, once', () => {
  const { clock, advance, stand } = standingStill();
  const ended: string[] = [];
  watchSilence(limits, clock, (message) => ended.push(message));
  stand(9_000);
  advance(1_000);
  expect(ended).toEqual([]);
  stand(9_000);
  advance(1_000);
  expect(ended).toEqual(['no first byte within 1000 ms']);
});
