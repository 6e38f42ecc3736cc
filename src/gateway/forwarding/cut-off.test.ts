import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createCutOff } from './cut-off.ts';

it('calls what was added and not removed, also from a place that is used again', () => {
  const cutOff = createCutOff();
  const called: string[] = [];
  const removed = cutOff.add(() => called.push('removed'));
  cutOff.add(() => called.push('kept'));
  cutOff.remove(removed);
  cutOff.add(() => called.push('in its place'));
  cutOff.cut();
  expect([cutOff.isOver, called.toSorted()]).toEqual([true, ['in its place', 'kept']]);
});

it('holds on to no request that has ended, so that the garbage of most requests is collected while it is young', () => {
  const cutOff = createCutOff();
  const places = [cutOff.add(() => {})];
  // After it, what holds the running requests is old.
  collectGarbage();
  const before = oldSpaceBytes();
  for (let request = 0; request < 60_000; request += 1) {
    const body = Array.from({ length: 128 }, () => request);
    places.push(cutOff.add(() => body.push(request)));
    // As with 64 connections.
    if (places.length > 64) cutOff.remove(places.shift() ?? 0);
  }
  // 60 MB were allocated.
  expect((oldSpaceBytes() - before) / 1e6).toBeLessThan(10);
});

function oldSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? NaN;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
