import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock, ProbeResult } from '../ports/index.ts';
import { exampleTarget, manualClock, noLogins, realClock, remoteMockUpstream, until } from '../testing/index.ts';
import type { RemoteMockUpstream } from '../testing/index.ts';
import { createTransport } from '../upstream/index.ts';
import { startDeadline } from './deadline.ts';
import { httpProber } from './index.ts';
import { stallMeter } from './stall-meter.ts';

/** A manual clock on which this process can stand still: time goes on, timers fire when it is over. */
function stallableClock(): ReturnType<typeof manualClock> & { stall(ms: number): void } {
  const clock = manualClock();
  let behindMs = 0;
  return { ...clock, monotonicMs: () => clock.monotonicMs() + behindMs, stall: (ms) => void (behindMs += ms) };
}

describe('the stall meter', () => {
  it('counts the lateness of its timer, while somebody watches, and forgives jitter', () => {
    const clock = stallableClock();
    const meter = stallMeter(clock);
    const first = meter.watch();
    clock.advance(1_000);
    expect(first.stalledMs()).toBe(0);
    clock.stall(50);
    clock.advance(250);
    expect(first.stalledMs()).toBe(0);
    clock.stall(700);
    clock.advance(250);
    expect(first.stalledMs()).toBe(700);
    const second = meter.watch();
    expect(second.stalledMs()).toBe(0);
    clock.stall(400);
    clock.advance(250);
    expect([first.stalledMs(), second.stalledMs()]).toEqual([1_100, 400]);
    first.end();
    first.end();
    second.end();
    expect(clock.pending()).toBe(0);
  });

  it('counts a stall that its timer has not seen yet', () => {
    const clock = stallableClock();
    const watch = stallMeter(clock).watch();
    clock.stall(2_000);
    expect(watch.stalledMs()).toBe(1_750);
    watch.end();
  });
});

describe('a deadline', () => {
  it('aborts on time, and lets go of its caller when it ends', () => {
    const clock = manualClock();
    const deadline = startDeadline(clock, 100, new AbortController().signal);
    clock.advance(100);
    expect([deadline.signal.aborted, deadline.why()]).toEqual([true, 'expired']);
    const other = startDeadline(clock, 100, new AbortController().signal);
    other.end();
    expect([clock.pending(), other.why()]).toEqual([0, undefined]);
  });

  it('gives way to the sockets once more when it is late itself', () => {
    const clock = stallableClock();
    const deadline = startDeadline(clock, 100, new AbortController().signal);
    clock.stall(500);
    clock.advance(100);
    expect(deadline.why()).toBeUndefined();
    clock.advance(20);
    expect(deadline.why()).toBe('expired');
  });

  it('knows its caller from itself', () => {
    const clock: Clock = manualClock();
    expect(startDeadline(clock, 100, AbortSignal.abort()).why()).toBe('caller');
  });
});

// The upstream is another process: this one stands still for real.
describe('a pod that stands still', () => {
  let child: ChildProcess;
  let upstream: RemoteMockUpstream;
  let apiBase: string;
  beforeAll(async () => {
    const main = new URL('../testing/mock-upstream/main.ts', import.meta.url).pathname;
    const started = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
    const address = JSON.parse(line) as { apiBase: string; controlUrl: string };
    apiBase = address.apiBase;
    upstream = remoteMockUpstream(address.controlUrl);
  });
  afterAll(() => child.kill('SIGKILL'));

  async function probeAndStall(
    model: string,
    { timeoutMs, stallMs }: { timeoutMs: number; stallMs: number },
  ): Promise<ProbeResult> {
    const target = exampleTarget({ id: model, apiBase, upstreamModel: model, timeoutMs });
    const clock = realClock();
    const transport = createTransport({ clock });
    const prober = httpProber({
      targets: () => target,
      clock,
      random: { next: () => 0, id: () => '' },
      prices: { costUsd: () => undefined },
      transport,
      logins: noLogins,
      version: '1.2.3',
    });
    const result = prober.probe(model, 'inference', new AbortController().signal);
    const arrived = async (): Promise<boolean> => (await upstream.stats()).models[model]?.probes.inFlight === 1;
    await until(arrived, { withinMs: 5_000, what: 'the probe at the upstream', everyMs: 5 });
    const endMs = performance.now() + stallMs;
    while (performance.now() < endMs);
    const ended = await result;
    await transport.close();
    return ended;
  }

  it('takes no deadline for evidence that it slept through', async () => {
    await upstream.set('hangs', { kind: 'hang' });
    const { outcome } = await probeAndStall('hangs', { timeoutMs: 1_000, stallMs: 2_200 });
    expect(outcome).toMatchObject({ kind: 'no-evidence' });
    expect(JSON.stringify(outcome)).toMatch(/the process of this pod was blocked for \d+ ms during the probe/);
  });

  it('still reads the answer that came in meanwhile', async () => {
    await upstream.set('slow', { kind: 'slow', ms: 400 });
    const { outcome } = await probeAndStall('slow', { timeoutMs: 700, stallMs: 1_000 });
    expect(outcome).toEqual({ kind: 'ok' });
  });

  it('takes an ordinary deadline for what it is', async () => {
    const { outcome } = await probeAndStall('hangs', { timeoutMs: 300, stallMs: 0 });
    expect(outcome).toMatchObject({ kind: 'failed', failure: { class: 'timeout' } });
  });
});
