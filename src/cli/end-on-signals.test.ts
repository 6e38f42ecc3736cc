import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { endAtOnce, endingInOrder, firstSignal } from './end-on-signals.ts';
import type { EndingProcess } from './end-on-signals.ts';

// The first process of a container outlives the signal that it sends to itself, and so do these.

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends at once by itself, or with %d where it does nothing', (signal, status) => {
  const { process, done } = firstProcess();
  endAtOnce(process);
  process.emit(signal);
  expect(done).toEqual([`kill 7 ${signal}, 0 handlers`, `exit ${status}`]);
});

it('the first signal lets what runs close, and then ends', async () => {
  const { process, done } = firstProcess();
  await endingInOrder(process, async (end) => {
    process.emit('SIGTERM');
    expect([end.aborted, done]).toEqual([true, []]);
    await Promise.resolve();
    done.push('closed');
  });
  expect(done).toEqual(['closed', 'kill 7 SIGTERM, 0 handlers', 'exit 143']);
});

it('the second signal ends at once', () => {
  const { process, done } = firstProcess();
  const end = firstSignal(process);
  process.emit('SIGTERM');
  expect([end.aborted, done]).toEqual([true, []]);
  process.emit('SIGINT');
  expect(done).toEqual(['kill 7 SIGINT, 0 handlers', 'exit 130']);
});

it('without a signal nothing ends but what ran', async () => {
  const { process, done } = firstProcess();
  await endingInOrder(process, async () => await Promise.resolve());
  expect(done).toEqual([]);
});

function firstProcess(): { process: EventEmitter & EndingProcess; done: string[] } {
  const done: string[] = [];
  const emitter = new EventEmitter();
  const process = Object.assign(emitter, {
    pid: 7,
    kill: (pid: number, signal: string) =>
      void done.push(`kill ${pid} ${signal}, ${emitter.listenerCount(signal)} handlers`),
    exit: (status: number) => void done.push(`exit ${status}`),
  });
  return { process: process as never, done };
}
