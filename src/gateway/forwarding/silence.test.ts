import { expect, it } from 'vitest';
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
