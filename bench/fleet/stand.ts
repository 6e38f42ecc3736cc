import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HealthBody } from '../../src/api/index.ts';
import { freePort, remoteMockUpstream, startRedisServer, until } from '../../src/testing/index.ts';
import type { RedisServer, RemoteMockUpstream } from '../../src/testing/index.ts';

const KEY = 'sk-bench-master-key';
// What is published, not the sources: running TypeScript directly costs memory and time at start.
const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const UPSTREAM = new URL('../../src/testing/mock-upstream/main.ts', import.meta.url).pathname;

/** One pod process under measurement. */
export interface BenchPod {
  readonly pid: number;
  readonly url: string;
  /** From the start of the process to the first 200 on liveness, ms. */
  readonly livenessMs: number;
}

/** A whole fleet on this machine: Redis, a counting upstream and pods, each a process of its own. */
export interface Stand {
  readonly redis: RedisServer;
  readonly upstream: RemoteMockUpstream;
  readonly pods: readonly BenchPod[];
  ask(pod: BenchPod, path: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts everything and waits until every pod has judged every target. */
export async function startStand(shape: { pods: number; targets: number; intervalS: number }): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-bench-'));
  const children: ChildProcess[] = [];
  const redis = await startRedisServer();
  const stop = async (): Promise<void> => {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await Promise.all(children.map(async (child) => await end(child)));
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = (): void => void stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const upstreamPort = await freePort();
    const upstream = start(children, [UPSTREAM, '--port', String(upstreamPort)], {});
    const { controlUrl } = JSON.parse(await firstLine(upstream)) as { controlUrl: string };
    const config = join(folder, 'proxy_config.yaml');
    writeFileSync(config, configOf(shape, { upstreamPort, redisPort: redis.port }));
    // The first starts alone: its start is what is measured. Then a few at a time.
    const pods: BenchPod[] = [await startPod(children, config)];
    for (let i = 1; i < shape.pods; i += 3) {
      const batch = Array.from({ length: Math.min(3, shape.pods - i) }, async () => await startPod(children, config));
      // oxlint-disable-next-line no-await-in-loop -- see above
      pods.push(...(await Promise.all(batch)));
    }
    const ask = async (pod: BenchPod, path: string): Promise<string> => {
      const answer = await fetch(pod.url + path, { headers: { authorization: `Bearer ${KEY}` } });
      return await answer.text();
    };
    const stand: Stand = { redis, upstream: remoteMockUpstream(controlUrl), pods, ask, stop };
    await until(async () => await allJudged(stand, shape.targets), {
      withinMs: 120_000,
      everyMs: 250,
      what: 'every pod to know every target',
    });
    return stand;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** CPU seconds a process has used so far, user and system. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory of a process, MB. */
export function residentMb(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}

async function allJudged(stand: Stand, targets: number): Promise<boolean> {
  const answers = await Promise.all(
    stand.pods.map(async (pod) => JSON.parse(await stand.ask(pod, '/health')) as HealthBody),
  );
  return answers.every(({ healthy_count: count }) => count === targets);
}

async function startPod(children: ChildProcess[], config: string): Promise<BenchPod> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const child = start(children, [MAIN, 'serve', '--config', config, '--host', '127.0.0.1', '--port', String(port)], {});
  const alive = async (): Promise<boolean> => (await fetch(`${url}/health/liveliness`)).ok;
  await until(alive, { withinMs: 30_000, everyMs: 5, what: 'a pod to be alive' });
  return { pid: child.pid ?? 0, url, livenessMs: performance.now() - startedMs };
}

function start(children: ChildProcess[], args: readonly string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  children.push(child);
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0] ?? '';
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  child.stdout?.resume();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}

function configOf(
  { targets, intervalS }: { targets: number; intervalS: number },
  ports: { upstreamPort: number; redisPort: number },
): string {
  const models = Array.from({ length: targets }, (_, i) => {
    return `  - model_name: m${i}\n    litellm_params: { model: openai/m${i}, api_base: "http://127.0.0.1:${ports.upstreamPort}/v1", api_key: sk-upstream }\n`;
  });
  return `model_list:\n${models.join('')}general_settings:
  master_key: ${KEY}
  background_health_checks: true
  use_shared_health_check: true
  health_check_interval: ${intervalS}
  health_check_concurrency: 64
litellm_settings:
  cache: true
  cache_params: { type: redis, host: 127.0.0.1, port: ${ports.redisPort} }
`;
}
