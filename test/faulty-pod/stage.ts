import { startMockUpstream, until } from '../../src/testing/index.ts';
import type { MockUpstream } from '../../src/testing/index.ts';
import { openTcpProxy } from '../history/stand/tcp-proxy.ts';
import type { TcpProxy } from '../history/stand/tcp-proxy.ts';
import { allJudged, startFleet } from '../fleet/harness/index.ts';
import type { ModelEntry, TestFleet, TestPod } from '../fleet/harness/index.ts';
import { clockOfOnePod } from './clock.ts';
import type { PodClock } from './clock.ts';

const REROUTE = new URL('../fleet/harness/reroute.ts', import.meta.url).href;

/** The model that really fails, for each pod. All others answer. */
export const FAILING = 'text-1';
const HOSTS = 3;
/** Two models in each group, on two hosts: a cooldown of one leaves the group another. */
const MODELS: readonly ModelEntry[] = [
  { group: 'chat', model: 'chat-1', port: 0 },
  { group: 'chat', model: 'chat-2', port: 1 },
  { group: 'code', model: 'code-1', port: 1 },
  { group: 'code', model: 'code-2', port: 2 },
  { group: 'text', model: FAILING, port: 2 },
  { group: 'text', model: 'text-2', port: 0 },
];
export const MODEL_NAMES: readonly string[] = MODELS.map(({ model }) => model);
/** Lease of the pod that publishes for LiteLLM. */
const LEASE = 'allswell:bridge:{health_check_results}';
const LEASE_MS = 8_000;

/** Real pods with a bridge each, one of which can be given a fault. */
export interface Stage {
  readonly fleet: TestFleet;
  readonly healthy: readonly TestPod[];
  /** Answers the faulty pod in place of the upstreams. */
  readonly itsUpstream: MockUpstream;
  /** Carries the faulty pod's connections to Redis. */
  readonly itsRedis: TcpProxy;
  /** Absent on a machine that cannot set clocks. */
  readonly itsClock: PodClock | undefined;
  /** Starts the pod that gets a fault; resolves when all pods have the true verdicts and it has the bridge's lease. */
  enter(): Promise<TestPod>;
  /** Gives the bridge's lease to this pod; resolves when it publishes. */
  lead(pod: TestPod): Promise<void>;
  /** Ends the pod with the fault, and the fault. */
  leave(pod: TestPod): Promise<void>;
  stop(): Promise<void>;
}

export interface StageShape {
  /** All pods, the faulty one included. */
  readonly pods: number;
  readonly intervalSeconds: number;
}

/** Starts the healthy pods. */
export async function openStage({ pods, intervalSeconds }: StageShape): Promise<Stage> {
  const fleet = await startFleet({
    pods: pods - 1,
    models: MODELS.map((entry) => ({ ...entry, info: { id: entry.model, health_check_timeout: 2 } })),
    interval: intervalSeconds,
    fleetHealth: { litellm_bridge: { enabled: true, cooldowns: 'on' } },
    extraPorts: HOSTS - 1,
    redisArgs: ['--notify-keyspace-events', 'K$gx'],
  });
  const itsUpstream = await startMockUpstream({ extraPorts: fleet.upstream.ports.slice(1).map(() => 0) });
  const itsRedis = await openTcpProxy(() => fleet.redis.port);
  const itsClock = clockOfOnePod();
  for (const upstream of [fleet.upstream, itsUpstream]) answerTruly(upstream);
  const routes = [
    ...fleet.upstream.ports.map((port, i) => `${port}:${itsUpstream.ports[i]}`),
    `${fleet.redis.port}:${itsRedis.port}`,
  ];
  const env = { NODE_OPTIONS: `--import=${REROUTE}`, ALLSWELL_TEST_ROUTES: routes.join(','), ...itsClock?.env };
  const healthy = [...fleet.pods];
  let port = 0;
  const lead = async (pod: TestPod): Promise<void> => {
    await fleet.store.set(LEASE, `${(Date.now() + LEASE_MS) * 1_000} ${pod.id}`, 'PX', LEASE_MS);
    await until(async () => (await pod.fleet()).bridge.state === 'publishing', {
      withinMs: 30_000,
      what: `${pod.name} to lead`,
      everyMs: 50,
    });
  };
  return {
    fleet,
    healthy,
    itsUpstream,
    itsRedis,
    itsClock,
    lead,
    enter: async () => {
      const pod = await fleet.addPod({ env, port });
      // A pod that restarts in place is the same host.
      port = Number(new URL(pod.url).port);
      await agreed(fleet, [...healthy, pod]);
      await lead(pod);
      await cooled(fleet);
      return pod;
    },
    leave: async (pod) => {
      await itsRedis.heal();
      answerTruly(itsUpstream);
      // Ends the requests that hang.
      await itsUpstream.setFault('all', 'drop');
      await itsUpstream.setFault('all', 'none');
      await pod.stop();
      itsClock?.setAhead(0);
    },
    stop: async () => {
      await fleet.stop();
      await Promise.all([itsUpstream.close(), itsRedis.close()]);
      itsClock?.remove();
    },
  };
}

/** Key of a deployment's cooldown, as LiteLLM's Router reads it. */
export function cooldownKey(model: string): string {
  return `deployment:${model}:cooldown`;
}

/** The state that a target has in each pod that sees the truth. */
export function trueState(model: string): 'up' | 'down' {
  return model === FAILING ? 'down' : 'up';
}

async function agreed(fleet: TestFleet, pods: readonly TestPod[]): Promise<void> {
  await allJudged(fleet, pods);
  const know = async (pod: TestPod): Promise<boolean> => {
    const { pods: members, targets } = await pod.fleet();
    const seen = targets.every(({ deployments: [one], state }) => state === trueState(one?.model_id ?? ''));
    return members.length === pods.length && seen;
  };
  await until(async () => (await Promise.all(pods.map(know))).every(Boolean), {
    withinMs: 60_000,
    what: 'all pods to know each other and to have the true verdicts',
    everyMs: 50,
  });
}

async function cooled({ store }: TestFleet): Promise<void> {
  await until(async () => (await store.pttl(cooldownKey(FAILING))) > 2_000, { withinMs: 30_000, what: 'the cooldown' });
}

function answerTruly(upstream: MockUpstream): void {
  for (const model of MODEL_NAMES) upstream.set(model, { kind: 'ok' });
  upstream.set(FAILING, { kind: 'status', status: 500 });
  upstream.set('@listing', { kind: 'ok' });
  upstream.setListed(MODEL_NAMES);
}
