import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { startScriptedUpstream } from '../gateway/support/scripted-upstream.ts';
import { allMet, call, chat, chats, epochMs, fleetFor, sumOf } from './harness/index.ts';
import type { Called, FleetShape, TestFleet, TestPod } from './harness/index.ts';

// Pods with --num_workers: real processes on a shared port, over a real Redis.

const WORKERS = 4;
const NUM_WORKERS = String(WORKERS);

/** One pod with four workers, all of them listening. */
async function podOfWorkers(
  test: TestContext,
  shape: Partial<FleetShape> = {},
): Promise<{ fleet: TestFleet; pod: TestPod }> {
  const env = { LITELLM_LOG: 'INFO', NUM_WORKERS, ...shape.env };
  const fleet = await fleetFor(test, { pods: 1, models: ['m'], interval: 60, ...shape, env });
  const pod = fleet.pod(0);
  await allListen(pod);
  return { fleet, pod };
}

async function allListen(pod: TestPod): Promise<void> {
  const all = async (): Promise<boolean> => sumOf(await pod.metrics(), /^allswell_workers /) === WORKERS;
  await until(all, { withinMs: 30_000, what: 'all workers to listen', everyMs: 50 });
}

/** Process ids of the workers. */
function workersOf(pod: TestPod): readonly number[] {
  const listed = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return listed.flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return parent === pod.pid && line.includes('worker-main') ? [pid ?? 0] : [];
  });
}

/** False also for a process that has ended and that its parent has not heard of yet. */
function runs(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return !state.startsWith('Z');
  } catch {
    return false;
  }
}

describe('a pod with four workers', () => {
  it('is one pod of the fleet, probes once, and spreads requests over its workers', async (test) => {
    const { fleet, pod } = await podOfWorkers(test, { pods: [{}, { env: { NUM_WORKERS: '1' } }], interval: 2 });
    await allMet(fleet, 2);
    expect((await pod.fleet()).pods).toHaveLength(2);
    const before = { at: epochMs(), probes: fleet.upstream.probes('m') };
    const answers = await chats(pod.url, 'm', 200);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    // The next scrape has them all, whichever worker answers it.
    const metrics = await pod.metrics();
    expect(sumOf(metrics, /^allswell_requests_total\{group="m",status="200",outcome="answered"\}/)).toBe(200);
    expect(sumOf(metrics, /^allswell_request_duration_seconds_count/)).toBe(200);
    expect(sumOf(metrics, /^allswell_request_attempts_total\{.*result="success"/)).toBe(200);
    for (let worker = 1; worker <= WORKERS; worker += 1) {
      expect(sumOf(metrics, new RegExp(`^allswell_worker_requests_total\\{worker="${worker}"`))).toBeGreaterThan(10);
    }
    const most = Math.ceil((epochMs() - before.at) / 2_000) + 1;
    expect(fleet.upstream.probes('m') - before.probes).toBeLessThanOrEqual(most);
  });

  it('answers every other endpoint alike, whichever worker accepts the connection', async (test) => {
    const { pod } = await podOfWorkers(test);
    const drained = await call(pod.url, {
      method: 'POST',
      path: '/fleet/targets/m/drain',
      body: { reason: 'test', until: '1h' },
    });
    expect(drained.status).toBe(200);
    const paths = [
      '/health/readiness',
      '/health/liveliness',
      '/v1/models',
      '/fleet/targets/m',
      '/health/shared-status',
      '/nothing',
    ];
    const distinct = async (path: string): Promise<number> => {
      const asked = await Promise.all(Array.from({ length: 50 }, async () => await call(pod.url, { path })));
      const steady = asked.map(
        ({ status, text }) => `${status} ${text.replaceAll(/"[^"]*(?:_at|now|age|ms|seconds)[^"]*":\s*[^,}]*/g, '')}`,
      );
      return new Set(steady).size;
    };
    for (const path of paths) {
      // A probe that ends meanwhile changes what all of them answer.
      await until(async () => (await distinct(path)) === 1, { withinMs: 10_000, what: `50 equal answers at ${path}` });
    }
    const wrong = await Promise.all(
      Array.from({ length: 50 }, async () => await call(pod.url, { method: 'PUT', path: '/v1/chat/completions' })),
    );
    expect(new Set(wrong.map(({ status }) => status))).toEqual(new Set([405]));
  });

  it('loses only the requests of a worker that is killed, and starts another one', async (test) => {
    const { fleet, pod } = await podOfWorkers(test);
    await chats(pod.url, 'm', 20);
    const before = workersOf(pod);
    expect(before).toHaveLength(WORKERS);
    fleet.upstream.set('m', { kind: 'slow', ms: 2_000 });
    const counted = fleet.upstream.traffic('m');
    const running = chats(pod.url, 'm', 40);
    await until(() => fleet.upstream.traffic('m') - counted === 40, {
      withinMs: 10_000,
      what: 'all requests upstream',
    });
    process.kill(before[0] ?? 0, 'SIGKILL');
    const answers = await running;
    const lost = answers.filter(({ status }) => status !== 200);
    expect(answers.length - lost.length).toBeGreaterThanOrEqual(15);
    expect(lost.every(({ status }) => status === 0)).toBe(true);
    await allListen(pod);
    expect(sumOf(await pod.metrics(), /^allswell_worker_restarts_total /)).toBe(1);
    expect(pod.lines(/ERROR: Worker \d \(pid \d+\) ended unexpectedly \(SIGKILL\)/)).toHaveLength(1);
    expect(workersOf(pod).filter((pid) => !before.includes(pid))).toHaveLength(1);
    fleet.upstream.set('m', { kind: 'ok' });
    expect((await chats(pod.url, 'm', 40)).filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('avoids a deployment that dies in all workers within milliseconds', async (test) => {
    const { fleet, pod } = await podOfWorkers(test, {
      extraPorts: 1,
      models: ['dying', 'staying'].map((model, port) => ({ model, group: 'chat', port, info: { id: model } })),
      router: { num_retries: 2 },
    });
    await chats(pod.url, 'chat', 40);
    await fleet.upstream.setFault(fleet.upstream.ports[0] ?? 0, 'refuse');
    const diedAt = epochMs();
    const answers: Called[] = [];
    const isDown = async (): Promise<boolean> => {
      answers.push(...(await chats(pod.url, 'chat', 8)));
      const { targets } = await pod.fleet();
      return targets.some(({ model, state }) => model?.endsWith('dying') === true && state === 'down');
    };
    // A pod that stood still while it probed, on a busy machine, probes again after ten seconds.
    await until(isDown, { withinMs: 25_000, what: 'the verdict', everyMs: 10 });
    const knownAt = epochMs();
    const after = await chats(pod.url, 'chat', 100);
    const met = [...answers, ...after].filter(({ attempts }) => attempts > 1);
    const lastMs = Math.max(0, ...met.map(({ startedAt }) => startedAt - diedAt));
    console.log(
      `${met.length} requests met it, the last one ${lastMs.toFixed(0)} ms after; down after ${(knownAt - diedAt).toFixed(0)} ms`,
    );
    expect([...answers, ...after].filter(({ status }) => status !== 200)).toEqual([]);
    expect(after.filter(({ attempts }) => attempts > 1)).toEqual([]);
  });

  it('keeps all workers together within a limit, also where one connection asks for all of it', async (test) => {
    // Alone: pods that share a store lease their part of a limit, and begin with a tenth of it.
    const { fleet, pod } = await podOfWorkers(test, {
      models: [{ model: 'm', params: { rpm: 20 } }],
      settings: { use_shared_health_check: false },
    });
    const first = await chats(pod.url, 'm', 100);
    const answered = (some: readonly Called[]): number => some.filter(({ status }) => status === 200).length;
    expect(answered(first)).toBeGreaterThanOrEqual(15);
    let sum = answered(first);
    const all = async (): Promise<boolean> => {
      sum += answered(await chats(pod.url, 'm', 4));
      return sum === 20;
    };
    await until(all, { withinMs: 20_000, what: 'the whole limit to be used', everyMs: 200 });
    expect(answered(await chats(pod.url, 'm', 20))).toBe(0);
    expect(fleet.upstream.traffic('m')).toBe(20);
  });

  it('goes on forwarding while its primary process stands still', async (test) => {
    const { pod } = await podOfWorkers(test);
    await chats(pod.url, 'm', 40);
    pod.kill('SIGSTOP');
    const answers = await chats(pod.url, 'm', 40);
    pod.kill('SIGCONT');
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    await until(async () => sumOf(await pod.metrics(), /^allswell_requests_total/) === 80, {
      withinMs: 10_000,
      what: 'all requests in the metrics',
    });
  });

  it('gives a reloaded configuration to all workers', async (test) => {
    const { fleet, pod } = await podOfWorkers(test);
    expect((await chat(pod.url, 'new')).status).toBe(400);
    fleet.configure(0, { models: ['m', 'new'] });
    pod.kill('SIGHUP');
    const known = async (): Promise<boolean> => (await chats(pod.url, 'new', 20)).every(({ status }) => status === 200);
    await until(known, { withinMs: 10_000, what: 'the new model in all workers', everyMs: 50 });
  });
});

describe('the end of a pod with four workers', () => {
  it('SIGTERM lets a stream end, and leaves no process and status 0', async (test) => {
    const upstream = await startScriptedUpstream(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (let part = 0; part < 20; part += 1) {
        response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: `${part}` } }] })}\n\n`);
        // oxlint-disable-next-line no-await-in-loop -- a stream that takes its time
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      response.end('data: [DONE]\n\n');
    });
    test.onTestFinished(async () => await upstream.close());
    const { pod } = await podOfWorkers(test, {
      models: [
        { model: 'm', params: { api_base: `${upstream.url}/v1` }, info: { disable_background_health_check: true } },
      ],
    });
    const workers = workersOf(pod);
    let isStreaming = false;
    const stream = chat(pod.url, 'm', { stream: true, onText: () => (isStreaming = true) });
    await until(() => isStreaming, { withinMs: 10_000, what: 'the stream to begin' });
    const exit = await pod.stop();
    const { status, text } = await stream;
    expect([status, text.endsWith('data: [DONE]\n\n')]).toEqual([200, true]);
    expect(exit).toEqual({ code: 0, signal: null });
    expect(workers.filter(runs)).toEqual([]);
  });

  it('SIGKILL of the primary process ends its workers at once', async (test) => {
    const { pod } = await podOfWorkers(test);
    const workers = workersOf(pod);
    expect(workers).toHaveLength(WORKERS);
    pod.kill('SIGKILL');
    const killedAt = epochMs();
    // A second on an idle machine.
    await until(() => workers.filter(runs).length === 0, { withinMs: 3_000, what: 'the workers to end' });
    console.log(`the workers ended ${(epochMs() - killedAt).toFixed(0)} ms after their primary process`);
  });

  it('a second pod on the same port is refused with status 3, also as a pod of workers', async (test) => {
    const { fleet, pod } = await podOfWorkers(test);
    const port = Number(new URL(pod.url).port);
    const endOf = async (count: string): Promise<number | null | undefined> => {
      // It never listens: this does not wait for the limit of that.
      fleet.addPod({ port, env: { NUM_WORKERS: count } }).catch(() => undefined);
      return (await fleet.pods.at(-1)?.exited)?.code;
    };
    expect(await endOf('1')).toBe(3);
    expect(await endOf('2')).toBe(3);
    expect((await chat(pod.url, 'm')).status).toBe(200);
  });
});

const oldNode = process.env['OLD_NODE'] ?? '/usr/bin/node';
const isOld = (spawnSync(oldNode, ['--version'], { encoding: 'utf8' }).stdout ?? '').startsWith('v22.');

it.skipIf(!isOld)(
  `the primary process hands connections out where Node cannot share a port${isOld ? '' : ' (skipped: OLD_NODE names no Node 22)'}`,
  async (test) => {
    const { pod } = await podOfWorkers(test, { pods: [{ node: oldNode }] });
    expect((await chats(pod.url, 'm', 40)).filter(({ status }) => status !== 200)).toEqual([]);
    const metrics = await pod.metrics();
    for (let worker = 1; worker <= WORKERS; worker += 1) {
      expect(sumOf(metrics, new RegExp(`^allswell_worker_requests_total\\{worker="${worker}"`))).toBeGreaterThanOrEqual(
        5,
      );
    }
    const [first = 0] = workersOf(pod);
    process.kill(first, 'SIGKILL');
    await until(async () => sumOf(await pod.metrics(), /^allswell_worker_restarts_total /) === 1, {
      withinMs: 10_000,
      what: 'another worker',
    });
    await allListen(pod);
    expect((await chats(pod.url, 'm', 40)).filter(({ status }) => status !== 200)).toEqual([]);
    expect(await pod.stop()).toEqual({ code: 0, signal: null });
  },
);
