import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockUpstream, startRedisServer } from '../../../src/testing/index.ts';
import type { MockUpstream, RedisServer } from '../../../src/testing/index.ts';
import { startCluster } from '../../contract/servers/cluster.ts';
import type { TestCluster } from '../../contract/servers/cluster.ts';
import { startSentinel } from '../../contract/servers/sentinel.ts';
import type { TestSentinel } from '../../contract/servers/sentinel.ts';
import { connectTo, SECRETS, spawnPod } from '../../fleet/harness/index.ts';
import type { TestPod } from '../../fleet/harness/index.ts';
import { sharedConfigText } from './config.ts';
import type { SharedConfig } from './config.ts';
import { startLitellm } from './litellm-pod.ts';
import type { LitellmPod } from './litellm-pod.ts';
import { Requests } from './requests.ts';

export interface StandShape extends SharedConfig {
  /** Of LiteLLM's pods and of ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Path of LiteLLM's program; that of `LITELLM_BIN` unless given. */
  readonly program?: string;
  /** Ports of the upstream: each is a host of its own to health checks. 1 unless given. */
  readonly ports?: number;
  /** Three nodes in the place of the one Redis, which then stays unused. */
  readonly cluster?: boolean;
  /** A master, a replica and a sentinel in the place of the one Redis, which then stays unused. */
  readonly sentinel?: boolean;
}

/** A real Redis, a counting upstream, and LiteLLM's pods and ours as they are started; all on loopback. */
export interface Stand {
  readonly redis: RedisServer;
  /** That of LiteLLM's Router; the same one unless it has its own. */
  readonly routerRedis: RedisServer;
  readonly upstream: MockUpstream;
  readonly requests: Requests;
  /** A connection of the tester's own. */
  readonly store: Redis;
  /** Those that run. */
  readonly litellm: readonly LitellmPod[];
  /** Starts so many pods at once; resolves when all are alive. */
  startLitellm(count: number, changes?: Partial<StandShape>): Promise<readonly LitellmPod[]>;
  stopLitellm(pods?: readonly LitellmPod[]): Promise<void>;
  /** Starts one of ours; resolves once it listens. */
  startOurs(command: 'bridge' | 'serve', changes?: Partial<StandShape>): Promise<TestPod>;
  /** Writes a configuration as for a pod; answers its path. */
  configFile(changes?: Partial<StandShape>): string;
  /** What all pods printed. */
  story(): string;
  stop(): Promise<void>;
}

export async function openStand(shape: StandShape): Promise<Stand> {
  const requests = new Requests();
  const password = SECRETS.redisPassword;
  const redis = await startRedisServer({ password });
  const routerRedis = shape.routerRedis === 'own' ? await startRedisServer({ password }) : redis;
  const cluster = shape.cluster === true ? await startCluster({ password }) : undefined;
  const sentinel = shape.sentinel === true ? await startSentinel({ password }) : undefined;
  const upstream = await startMockUpstream({ onRequest: requests.take });
  for (let port = 1; port < (shape.ports ?? 1); port += 1) await upstream.openPort(0);
  return new RealStand(shape, { redis, routerRedis, cluster, sentinel, upstream, requests });
}

interface Servers extends Pick<Stand, 'redis' | 'routerRedis' | 'upstream' | 'requests'> {
  readonly cluster: TestCluster | undefined;
  readonly sentinel: TestSentinel | undefined;
}

class RealStand implements Stand {
  readonly redis: RedisServer;
  readonly routerRedis: RedisServer;
  readonly upstream: MockUpstream;
  readonly requests: Requests;
  readonly store: Redis;
  readonly #cluster: TestCluster | undefined;
  readonly #sentinel: TestSentinel | undefined;
  readonly #shape: StandShape;
  readonly #folder = mkdtempSync(join(tmpdir(), 'allswell-bridge-'));
  readonly #ours: TestPod[] = [];
  readonly #ended: LitellmPod[] = [];
  #litellm: readonly LitellmPod[] = [];
  #files = 0;

  constructor(shape: StandShape, parts: Servers) {
    this.#shape = shape;
    this.#cluster = parts.cluster;
    this.#sentinel = parts.sentinel;
    this.redis = parts.redis;
    this.routerRedis = parts.routerRedis;
    this.upstream = parts.upstream;
    this.requests = parts.requests;
    this.store = connectTo(parts.redis);
  }

  get litellm(): readonly LitellmPod[] {
    return this.#litellm;
  }

  async startLitellm(count: number, changes: Partial<StandShape> = {}): Promise<readonly LitellmPod[]> {
    const begun = this.#litellm.length + this.#ended.length;
    const starting = Array.from({ length: count }, (_, at) => {
      return startLitellm({ name: `LiteLLM pod ${begun + at + 1}`, program: changes.program, ...this.#place(changes) });
    });
    const settled = await Promise.allSettled(starting);
    const started = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    this.#litellm = [...this.#litellm, ...started];
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
    return started;
  }

  async stopLitellm(pods: readonly LitellmPod[] = this.#litellm): Promise<void> {
    this.#litellm = this.#litellm.filter((pod) => !pods.includes(pod));
    this.#ended.push(...pods);
    await Promise.all(pods.map((pod) => pod.end()));
  }

  async startOurs(command: 'bridge' | 'serve', changes: Partial<StandShape> = {}): Promise<TestPod> {
    const name = `${command} ${this.#ours.length + 1}`;
    const { pod, listening } = spawnPod({ name, command, ...this.#place(changes) });
    this.#ours.push(pod);
    await listening;
    return pod;
  }

  configFile(changes: Partial<StandShape> = {}): string {
    return this.#place(changes).configFile;
  }

  story(): string {
    return [...this.#ended, ...this.#litellm, ...this.#ours].map((pod) => `--- ${pod.name}\n${pod.log()}`).join('\n');
  }

  async stop(): Promise<void> {
    this.store.disconnect();
    await Promise.all([...this.#litellm, ...this.#ours].map((pod) => pod.end()));
    const servers = [this.redis, this.routerRedis, this.#cluster, this.#sentinel];
    await Promise.all([...servers.map((one) => one?.stop()), this.upstream.close()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Writes one pod's file. */
  #place(changes: Partial<StandShape>): { configFile: string; env: Readonly<Record<string, string>> } {
    const {
      env,
      program: _,
      ports: _ports,
      cluster: _cluster,
      sentinel: _sentinel,
      ...config
    } = { ...this.#shape, ...changes };
    const configFile = join(this.#folder, `proxy_config-${(this.#files += 1)}.yaml`);
    const places = {
      upstreamPorts: this.upstream.ports,
      redisPort: this.redis.port,
      routerRedisPort: this.routerRedis.port,
      clusterNodes: this.#cluster?.servers.map(({ host, port }) => ({ host, port })),
      sentinel: this.#sentinel?.connection,
    };
    writeFileSync(configFile, sharedConfigText(config, places));
    return { configFile, env: { ...env } };
  }
}
