import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockUpstream, startRedisServer } from '../../../src/testing/index.ts';
import type { MockUpstream, MockUpstreamOptions, RedisServer } from '../../../src/testing/index.ts';
import { configText, SECRETS } from './config.ts';
import type { PodConfig } from './config.ts';
import { spawnPod } from './pod.ts';
import type { PodCommand, TestPod } from './pod.ts';
import { connectTo } from './store.ts';

/** How one pod differs from the others. */
export interface PodShape extends Partial<PodConfig> {
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: PodCommand;
  /** Port to listen on; a free one unless given. */
  readonly port?: number;
  /** Port of Redis, for example of a proxy before it; the server's own unless given. */
  readonly redisPort?: number;
  /** Another Node to run it with; it must be able to strip types. */
  readonly node?: string;
}

export interface FleetShape extends PodConfig {
  /** All started at the same time: a number of equal ones, or one by one. */
  readonly pods: number | readonly PodShape[];
  readonly env?: Readonly<Record<string, string>>;
  /** Of all pods that say nothing else. */
  readonly command?: PodCommand;
  /** Ports of the upstream beside the first. */
  readonly extraPorts?: number;
  /** Sees each request for a model as it arrives. */
  readonly onRequest?: MockUpstreamOptions['onRequest'];
  /** More arguments of the Redis server. */
  readonly redisArgs?: readonly string[];
}

/** Real pods, a real Redis and a counting upstream, all on loopback and all gone after {@link TestFleet.stop}. */
export interface TestFleet {
  readonly redis: RedisServer;
  readonly upstream: MockUpstream;
  /** Every pod ever started, the ended ones too. */
  readonly pods: readonly TestPod[];
  pod(place: number): TestPod;
  /** One more pod like the others, changed as `shape` says; resolves once it listens. */
  addPod(shape?: PodShape): Promise<TestPod>;
  /** Writes a pod's configuration anew: that of the fleet, changed as `shape` says. Telling the pod is the test's part. */
  configure(place: number, shape: PodShape): void;
  /** A connection of the tester's own. */
  readonly store: Redis;
  /** The pod that named itself so. */
  podOf(id: string): TestPod;
  /** What all pods printed, in the order of time. */
  story(): string;
  /** Runs before everything is ended. */
  onStop(run: () => void): void;
  stop(): Promise<void>;
}

/** Starts Redis and the upstream, then all pods at once; resolves when every pod listens. */
export async function startFleet(shape: FleetShape): Promise<TestFleet> {
  const fleet = new Fleet(shape);
  try {
    await fleet.start();
  } catch (error) {
    const story = fleet.story();
    await fleet.stop();
    throw new Error(`the fleet did not start:\n${story}`, { cause: error });
  }
  return fleet;
}

class Fleet implements TestFleet {
  readonly #shape: FleetShape;
  readonly #folder = mkdtempSync(join(tmpdir(), 'allswell-fleet-'));
  readonly #pods: TestPod[] = [];
  readonly #onStop: (() => void)[] = [];
  #redis: RedisServer | undefined;
  #upstream: MockUpstream | undefined;
  #store: Redis | undefined;

  constructor(shape: FleetShape) {
    this.#shape = shape;
  }

  get redis(): RedisServer {
    return present(this.#redis);
  }

  get upstream(): MockUpstream {
    return present(this.#upstream);
  }

  get store(): Redis {
    return (this.#store ??= connectTo(this.redis));
  }

  get pods(): readonly TestPod[] {
    return this.#pods;
  }

  pod(place: number): TestPod {
    return present(this.#pods[place]);
  }

  podOf(id: string): TestPod {
    return present(this.#pods.find((pod) => pod.id === id));
  }

  async start(): Promise<void> {
    const { redisArgs = [], extraPorts = 0, pods, onRequest } = this.#shape;
    this.#redis = await startRedisServer({ password: SECRETS.redisPassword, args: redisArgs });
    this.#upstream = await startMockUpstream({
      extraPorts: Array.from({ length: extraPorts }, () => 0),
      ...(onRequest && { onRequest }),
    });
    const shapes = typeof pods === 'number' ? Array.from({ length: pods }, () => ({})) : pods;
    await Promise.all(shapes.map((shape) => this.addPod(shape)));
  }

  async addPod(shape: PodShape = {}): Promise<TestPod> {
    const place = this.#pods.length;
    const name = `pod ${place + 1}`;
    this.configure(place, shape);
    const configFile = this.#configFile(place);
    const { pod, listening } = spawnPod({
      name,
      configFile,
      env: { ...this.#shape.env, ...shape.env },
      command: shape.command ?? this.#shape.command,
      port: shape.port,
      node: shape.node,
    });
    this.#pods.push(pod);
    await listening;
    return pod;
  }

  configure(place: number, shape: PodShape): void {
    const places = { upstreamPorts: this.upstream.ports, redisPort: shape.redisPort ?? this.redis.port };
    writeFileSync(this.#configFile(place), configText({ ...this.#shape, ...shape }, places));
  }

  #configFile(place: number): string {
    return join(this.#folder, `pod-${place + 1}.yaml`);
  }

  story(): string {
    const lines = this.#pods.flatMap((pod) =>
      pod
        .log()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `${line.slice(0, 24)} ${pod.name}${line.slice(24)}`),
    );
    return lines.toSorted().join('\n');
  }

  onStop(run: () => void): void {
    this.#onStop.push(run);
  }

  async stop(): Promise<void> {
    for (const run of this.#onStop) run();
    this.#store?.disconnect();
    await Promise.all(this.#pods.map((pod) => pod.end()));
    await Promise.all([this.#redis?.stop(), this.#upstream?.close()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not there: not started yet, or no such place');
  return value;
}
