import { describe, expect, it, vi } from 'vitest';
import type { FleetStore, StoreAnswer, StoreLoss } from '../../../../src/ports/index.ts';
import { memoryFleet } from '../../../../src/store/memory/index.ts';
import { settled, testWorld } from '../../../support/fleet-parts.ts';
import { StoreCircuitBreaker } from '../../../../src/fleet/store/circuit-breaker.ts';
import { createStoreClock } from '../../../../src/fleet/store/store-clock.ts';

const silence: StoreAnswer<null> = { kind: 'lost', loss: { code: 'timeout', message: 'no answer within 250 ms' } };

function linked(time?: FleetStore['time']) {
  const world = testWorld();
  const asked: number[] = [];
  const store = world.memory.open();
  const answering = time ?? store.time.bind(store);
  const spied: FleetStore = {
    ...store,
    time: () => {
      asked.push(world.clock.monotonicMs());
      return answering();
    },
  };
  const lost: StoreLoss[] = [];
  const listener = {
    answered: () => undefined,
    clockJumped: () => undefined,
    unreachable: (loss: StoreLoss) => lost.push(loss),
    reachable: vi.fn<() => void>(),
    testCommand: (handle: FleetStore) => handle.time(),
  };
  const options = world.options({ store: spied });
  const circuit = new StoreCircuitBreaker(options, createStoreClock(world.clock), () => 0, listener);
  const ask = (): Promise<StoreAnswer<null>> => circuit.call('time', (handle) => handle.time());
  return { ...world, circuit, asked, lost, listener, ask };
}

describe('the link to the store', () => {
  it('opens its circuit after two failures in a row and then answers without asking (a breaker that never opens)', async () => {
    const { ask, asked, circuit } = linked(() => Promise.resolve(silence));
    await ask();
    await ask();
    expect(asked).toHaveLength(2);
    for (let i = 0; i < 100; i += 1) {
      expect(await ask()).toMatchObject({ kind: 'lost', loss: { code: 'circuit-open' } });
    }
    expect(asked).toHaveLength(2);
    expect(circuit.available).toBe(false);
  });

  it('tries once per half second while the circuit is open, however many commands are called', async () => {
    const { ask, asked, clock } = linked(() => Promise.resolve(silence));
    await ask();
    await ask();
    for (let ms = 0; ms < 20_000; ms += 10) {
      clock.advance(10);
      await settled();
      await Promise.all([ask(), ask(), ask()]);
    }
    const trials = asked.slice(2);
    // Four quick looks at 50, 100, 200 and 400 ms, then the steady rhythm.
    expect(trials.length).toBeGreaterThanOrEqual(38);
    expect(trials.length).toBeLessThanOrEqual(44);
    const steady = trials.slice(5).map((at, i) => at - (trials[i + 4] ?? 0));
    expect(Math.min(...steady)).toBeGreaterThanOrEqual(500);
  });

  it('tries once at a time, whatever else fails while a trial waits for its answer (trials that pile up)', async () => {
    const { circuit, clock, listener, pass } = linked();
    const slow = async (): Promise<StoreAnswer<unknown>> => {
      await new Promise<void>((resolve) => void clock.setTimer(250, resolve));
      return silence;
    };
    const trials: number[] = [];
    let [running, most] = [0, 0];
    listener.testCommand = (async () => {
      trials.push(clock.monotonicMs());
      most = Math.max(most, ++running);
      const answer = await slow();
      running -= 1;
      return answer;
    }) as typeof listener.testCommand;
    for (const waitMs of [10, 90, 20, 0]) {
      void circuit.call('commit', slow);
      await pass(waitMs);
    }
    await pass(10_000);
    expect(most).toBe(1);
    const distances = trials.slice(1).map((at, i) => at - trials[i]!);
    // A trial lasts 250 ms, and half a second lies between the beginnings of two.
    expect(Math.max(...distances)).toBeLessThanOrEqual(510);
    expect(Math.min(...distances.slice(4))).toBeGreaterThanOrEqual(500);
  });

  it('tells of a loss once and of the return once, whatever fails in between (a breaker that floods the log)', async () => {
    let answer: StoreAnswer<null> = silence;
    const { ask, lost, listener, pass } = linked(() => Promise.resolve(answer));
    await ask();
    for (let i = 0; i < 20; i += 1) await ask();
    await pass(5_000);
    expect(lost).toHaveLength(1);
    expect(listener.reachable).not.toHaveBeenCalled();
    answer = { kind: 'ok', meta: { epoch: 'e', seq: 3, now: 1_800_000_000_000_000 }, value: null };
    await pass(600);
    expect(listener.reachable).toHaveBeenCalledTimes(1);
    expect(await ask()).toMatchObject({ kind: 'ok' });
    expect(lost).toHaveLength(1);
  });

  it('goes on after a single failure: one lost answer is no lost store', async () => {
    const answers: StoreAnswer<null>[] = [silence];
    const { ask, asked } = linked(() => Promise.resolve(answers.shift() ?? silence));
    await ask();
    answers.push({ kind: 'ok', meta: { epoch: '', seq: 0, now: 1_800_000_000_000_000 }, value: null });
    expect(await ask()).toMatchObject({ kind: 'ok' });
    expect(asked).toHaveLength(2);
  });

  it('repeats a command that came too late once, with the time that the answer told', async () => {
    const { circuit, memory, clock, storeNow } = linked();
    const store = memory.open();
    const sent: number[] = [];
    await circuit.call('time', (handle) => handle.time());
    memory.plant('pods', 'pod_a', 'here');
    const answer = await circuit.call('heartbeat', (_, notAfter) => {
      sent.push(notAfter);
      // The event loop was busy for a second before the first of them left.
      if (sent.length === 1) clock.advance(1_000);
      return store.leave({ pod: 'pod_a', notAfter });
    });
    expect(answer).toMatchObject({ kind: 'ok' });
    // Within what two quartz clocks may drift apart in a second.
    expect(Math.abs(sent[1]! - storeNow() - 250_000)).toBeLessThanOrEqual(200);
    expect(sent).toHaveLength(2);
    expect(memory.texts('pods').has('pod_a')).toBe(false);
  });

  it('answers too-late when the second attempt is too late as well', async () => {
    const { circuit, memory } = linked();
    const store = memory.open();
    const leave = vi.fn<(notAfter: number) => Promise<StoreAnswer<null>>>((notAfter) =>
      store.leave({ pod: 'pod_a', notAfter: notAfter - 10_000_000 }),
    );
    expect(await circuit.call('heartbeat', (_, notAfter) => leave(notAfter))).toMatchObject({ kind: 'too-late' });
    expect(leave).toHaveBeenCalledTimes(2);
  });

  it('writes nothing by a guess: until the store told its time, no command of this pod may run late', async () => {
    const { circuit, clock, storeNow } = linked();
    // This machine is an hour ahead of the store.
    const behind = memoryFleet({ clockUs: () => storeNow() - 3_600_000_000 });
    behind.plant('pods', 'pod_a', 'here');
    const store = behind.open();
    const hanging: (() => void)[] = [];
    void circuit.call('heartbeat', (_, notAfter) => {
      hanging.push(() => void store.leave({ pod: 'pod_a', notAfter }));
      return new Promise(() => undefined);
    });
    clock.advance(60_000);
    for (const goOn of hanging) goOn();
    await settled();
    expect(behind.texts('pods').has('pod_a')).toBe(true);
  });

  it('needs one command more for that at the start, and none later', async () => {
    const { circuit, memory } = linked();
    const store = memory.open();
    const leave = vi.fn<(notAfter: number) => Promise<StoreAnswer<null>>>((notAfter) =>
      store.leave({ pod: 'pod_a', notAfter }),
    );
    for (let i = 0; i < 3; i += 1) {
      expect(await circuit.call('heartbeat', (_, notAfter) => leave(notAfter))).toMatchObject({ kind: 'ok' });
    }
    expect(leave).toHaveBeenCalledTimes(4);
  });

  it('stays away from a store that reads but refuses writes until a write succeeds (a mode that flaps)', async () => {
    const full: StoreAnswer<null> = { kind: 'lost', loss: { code: 'out-of-memory', message: 'OOM' } };
    const { ask, circuit, listener, lost, pass } = linked();
    let refusing = true;
    const write = async (handle: FleetStore): Promise<StoreAnswer<unknown>> => (refusing ? full : await handle.time());
    listener.testCommand = write as typeof listener.testCommand;
    await circuit.call('commit', write);
    for (let i = 0; i < 5; i += 1) expect(await ask()).toMatchObject({ kind: 'ok' });
    expect(circuit.available).toBe(false);
    await circuit.call('claim', write);
    await pass(5_000);
    expect(circuit.available).toBe(false);
    expect(lost).toHaveLength(1);
    expect(listener.reachable).not.toHaveBeenCalled();
    refusing = false;
    await pass(600);
    expect(circuit.available).toBe(true);
    expect(listener.reachable).toHaveBeenCalledTimes(1);
  });

  it.each([250, 1_500])('lets a command do nothing later than its deadline of %i ms', async (storeDeadlineMs) => {
    const world = testWorld();
    const storeClock = createStoreClock(world.clock);
    const listener = {
      answered: () => undefined,
      clockJumped: () => undefined,
      unreachable: () => undefined,
      reachable: () => undefined,
      testCommand: (handle: FleetStore) => handle.time(),
    };
    const circuit = new StoreCircuitBreaker(world.options({ storeDeadlineMs }), storeClock, () => 0, listener);
    await circuit.call('time', (store) => store.time());
    let latest = 0;
    await circuit.call('heartbeat', (store, notAfter) => {
      latest = notAfter;
      return store.time();
    });
    expect(latest - storeClock.now()).toBe(storeDeadlineMs * 1_000);
  });
});
