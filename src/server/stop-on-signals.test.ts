import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { until } from '../testing/index.ts';
import type { Logger } from '../ports/index.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import type { SignalledProcess } from './stop-on-signals.ts';

it('the first signal stops in good order and ends with status 0', async () => {
  const { exits, lines, process, finish } = watched();
  process.emit('SIGTERM');
  expect(exits).toEqual([]);
  finish();
  await until(() => exits.length > 0, { withinMs: 1_000, what: 'the exit' });
  expect(exits).toEqual([0]);
  expect(lines).toEqual(['Stopping on SIGTERM', 'Stopped']);
});

it('the second signal ends at once, though something still runs', () => {
  const { exits, process } = watched();
  process.emit('SIGTERM');
  process.emit('SIGINT');
  expect(exits).toEqual([130]);
});

it('an uncaught error is logged and exits with status 1', () => {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    const { exits, lines, process } = watched();
    process.emit(event, new Error('a bug'));
    expect(exits).toEqual([1]);
    expect(lines[0]).toContain('a bug');
  }
});

function watched(): { exits: number[]; lines: string[]; process: EventEmitter; finish: () => void } {
  const exits: number[] = [];
  const lines: string[] = [];
  let finish = (): void => {};
  const stopped = new Promise<void>((resolve) => (finish = resolve));
  const say = (message: string): void => void lines.push(message);
  const logger: Logger = { debug: say, info: say, warn: say, error: say };
  const process = Object.assign(new EventEmitter(), { exit: (status: number) => void exits.push(status) });
  stopOnSignals({ logger, stop: () => stopped }, process as unknown as SignalledProcess);
  return { exits, lines, process, finish: () => finish() };
}
