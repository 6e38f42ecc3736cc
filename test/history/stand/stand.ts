import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockUpstream } from '../../../src/testing/index.ts';
import type { Behaviour, MockUpstream, MockUpstreamOptions } from '../../../src/testing/index.ts';
import { SECRETS, spawnPod } from '../../fleet/harness/index.ts';
import type { TestPod } from '../../fleet/harness/index.ts';
import { INTERVAL_MS, LEASE_MS, TIMEOUT_MS } from '../bounds.ts';
import type { TestStore } from './store.ts';
import { openTcpProxy } from './tcp-proxy.ts';
import type { Cut, TcpProxy } from './tcp-proxy.ts';

/** Places of the fleet: each is taken by one process after another. */
export const PLACES: readonly number[] = [0, 1, 2];
/** Names of the models; every second one is called on another host. */
export const MODELS: readonly string[] = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'];
const HOSTS = 2;

const REROUTE = new URL('../../fleet/harness/reroute.ts', import.meta.url).href;

/** Real pods over a real store and a counting upstream. Each pod has a proxied connection of its own to every server. */
export interface Stand {
  readonly store: TestStore;
  readonly upstream: MockUpstream;
  /** All started processes. */
  readonly pods: readonly TestPod[];
  /** The process on a host now; undefined while there is none. */
  pod(place: number): TestPod | undefined;
  /** Starts a process on a free host; resolves once it listens. */
  start(place: number): Promise<TestPod>;
  kill(place: number): Promise<void>;
  /** Separates a pod from every server of the store, and from nothing else. */
  cut(place: number, how: Cut): Promise<void>;
  heal(place: number): Promise<void>;
  /** Place of the pod that uses a port of the upstream alone. */
  placeOf(port: number): number | undefined;
  behave(model: string, behaviour: Behaviour): void;
  /** The output of all pods, including ended ones. */
  story(): string;
  stop(): Promise<void>;
}

export async function openStand(store: TestStore, onRequest: MockUpstreamOptions['onRequest']): Promise<Stand> {
  const upstream = await startMockUpstream({ extraPorts: [0], ...(onRequest && { onRequest }) });
  const stand = new RealStand(store, upstream);
  await stand.open();
  return stand;
}

class RealStand implements Stand {
  readonly store: TestStore;
  readonly upstream: MockUpstream;
  readonly pods: TestPod[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'allswell-history-pods-'));
  readonly #ways = new Map<number, readonly TcpProxy[]>();
  readonly #routes = new Map<number, string>();
  readonly #places = new Map<number, number>();
  readonly #running = new Map<number, TestPod>();

  constructor(store: TestStore, upstream: MockUpstream) {
    this.store = store;
    this.upstream = upstream;
  }

  async open(): Promise<void> {
    const common = this.upstream.ports.slice(0, HOSTS);
    writeFileSync(join(this.#folder, 'pod.yaml'), this.#config(common));
    for (const place of PLACES) {
      const routes: string[] = [];
      for (const port of common) {
        const own = await this.upstream.openPort(0);
        this.#places.set(own, place);
        routes.push(`${port}:${own}`);
      }
      const ways: TcpProxy[] = [];
      for (const { announced, real } of this.store.addresses) {
        const way = await openTcpProxy(() => real);
        ways.push(way);
        routes.push(`${announced}:${way.port}`);
      }
      this.#ways.set(place, ways);
      this.#routes.set(place, routes.join(','));
    }
  }

  pod(place: number): TestPod | undefined {
    return this.#running.get(place);
  }

  async start(place: number): Promise<TestPod> {
    const { pod, listening } = spawnPod({
      name: `pod ${place + 1}`,
      configFile: join(this.#folder, 'pod.yaml'),
      env: {
        NODE_OPTIONS: `--import=${REROUTE}`,
        ALLSWELL_TEST_ROUTES: this.#routes.get(place) ?? '',
        ALLSWELL_EXPECTED_PODS: String(PLACES.length),
        DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: String(LEASE_MS / 1_000),
      },
    });
    this.pods.push(pod);
    await listening;
    this.#running.set(place, pod);
    return pod;
  }

  async kill(place: number): Promise<void> {
    const pod = this.#running.get(place);
    this.#running.delete(place);
    await pod?.end();
  }

  async cut(place: number, how: Cut): Promise<void> {
    await Promise.all((this.#ways.get(place) ?? []).map((way) => way.cut(how)));
  }

  async heal(place: number): Promise<void> {
    await Promise.all((this.#ways.get(place) ?? []).map((way) => way.heal()));
  }

  placeOf(port: number): number | undefined {
    return this.#places.get(port);
  }

  behave(model: string, behaviour: Behaviour): void {
    this.upstream.set(model, behaviour);
  }

  story(): string {
    const lines = this.pods.flatMap((pod) =>
      pod
        .log()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `${line.slice(0, 24)} ${pod.name}${line.slice(24)}`),
    );
    return lines.toSorted().join('\n');
  }

  async stop(): Promise<void> {
    await Promise.all(this.pods.map((pod) => pod.end()));
    await Promise.all([...this.#ways.values()].flat().map((way) => way.close()));
    await this.upstream.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #config(ports: readonly number[]): string {
    return JSON.stringify({
      model_list: MODELS.map((model, i) => ({
        model_name: model,
        litellm_params: {
          model: `openai/${model}`,
          api_base: `http://127.0.0.1:${ports[i % HOSTS]}/v1`,
          api_key: SECRETS.upstreamKey,
        },
        model_info: { health_check_timeout: TIMEOUT_MS / 1_000 },
      })),
      general_settings: {
        master_key: SECRETS.masterKey,
        background_health_checks: true,
        use_shared_health_check: true,
        health_check_interval: INTERVAL_MS / 1_000,
      },
      litellm_settings: { cache: true, cache_params: this.store.cacheParams },
    });
  }
}
