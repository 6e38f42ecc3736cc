import { randomBytes } from 'node:crypto';
import type { AllswellConfig } from '../../config/index.ts';
import { ensureRedis, memoryFleet } from '../../testing/index.ts';
import { CONFIG_FILE, readDemoConfig } from './demo-config.ts';
import { InProcessPod } from './in-process-pod.ts';
import { startMockVendors } from './mock-vendors.ts';
import type { MockVendors } from './mock-vendors.ts';
import { ProcessPod } from './process-pod.ts';
import type { StagePod } from './stage-pod.ts';
import { startStageRedis } from './stage-redis.ts';
import type { StageRedis } from './stage-redis.ts';

/** Everything that runs in a demo. */
export interface Stage {
  readonly config: AllswellConfig;
  readonly vendors: MockVendors;
  readonly pods: readonly StagePod[];
  /** Undefined without a Redis: then all pods run in this process. */
  readonly redis: StageRedis | undefined;
  readonly masterKey: string;
  /** Stops everything and waits for it. Safe to repeat. */
  stop(): Promise<void>;
}

export interface StageOptions {
  readonly pods: number;
  readonly download: 'if-missing' | 'never';
  /** Called with a line about each step that takes time. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Pods that start at once. More would only compete for the processor. */
const BATCH = 4;

/** Starts a Redis, the upstream and all pods. Stops all of them if something fails or `signal` aborts. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const { progress, signal } = options;
  const closers: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= closeAll(closers));
  try {
    const redis = await findRedis(options, closers);
    signal.throwIfAborted();
    const vendors = await startMockVendors(options.pods);
    closers.push(async () => await vendors.stop());
    const masterKey = `sk-demo-${randomBytes(8).toString('hex')}`;
    const env = { ...vendors.env, ...redisEnv(redis), LITELLM_MASTER_KEY: masterKey };
    const config = readDemoConfig(env);
    const pods = makePods({ count: options.pods, env, config, vendors, redis });
    await Promise.all(
      config.targets.map(({ upstreamModel }) => vendors.remote.set(upstreamModel, vendors.healthy(upstreamModel))),
    );
    progress(
      `Starting ${pods.length === 1 ? 'one pod' : `${pods.length} pods`} from examples/fleet/proxy_config.yaml …`,
    );
    closers.push(async () => void (await Promise.all(pods.map((pod) => pod.stop()))));
    for (let i = 0; i < pods.length; i += BATCH) {
      signal.throwIfAborted();
      // oxlint-disable-next-line no-await-in-loop -- a few at a time
      await Promise.all(pods.slice(i, i + BATCH).map((pod) => pod.start()));
    }
    signal.throwIfAborted();
    return { config, vendors, pods, redis, masterKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In reverse order of starting: a stopping pod still releases its leases. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closers.toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await close();
  }
}

async function findRedis(
  { download, progress, signal }: StageOptions,
  closers: (() => Promise<void>)[],
): Promise<StageRedis | undefined> {
  const answer = await ensureRedis({ download, progress, signal });
  if (answer.kind === 'not-found') {
    progress(answer.message);
    progress('Continuing without Redis: all pods run in this process and share its memory.');
    return undefined;
  }
  const redis = await startStageRedis(answer.program);
  closers.push(async () => await redis.close());
  return redis;
}

function redisEnv(redis: StageRedis | undefined): Record<string, string> {
  // Without a Redis the pods get the store directly, and these values are not used.
  return { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redis?.port ?? 6379) };
}

interface PodsInput {
  readonly count: number;
  readonly env: Readonly<Record<string, string>>;
  readonly config: AllswellConfig;
  readonly vendors: MockVendors;
  readonly redis: StageRedis | undefined;
}

function makePods({ count, env, config, vendors, redis }: PodsInput): StagePod[] {
  const names = Array.from({ length: count }, (_, i) => `pod ${i + 1}`);
  if (redis === undefined) {
    const fleet = memoryFleet({ clockUs: () => Math.floor((performance.timeOrigin + performance.now()) * 1000) });
    return names.map((name) => new InProcessPod({ name, config, openStore: () => fleet.open() }));
  }
  const { vendorPorts: sharedPorts, podPorts } = vendors;
  return names.map((name, i) => {
    return new ProcessPod({ name, configFile: CONFIG_FILE, env, sharedPorts, ownPort: podPorts[i] ?? 0 });
  });
}
