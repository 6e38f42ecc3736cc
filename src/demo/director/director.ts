import type { Broken, Order } from '../order.ts';
import type { Snapshot } from '../observe/snapshot.ts';
import type { Stage } from '../stage/start-stage.ts';
import type { StagePod } from '../stage/stage-pod.ts';
import type { StageRedis } from '../stage/stage-redis.ts';
import type { Faults } from './faults.ts';

/** A decision of an operator, by the path of its endpoint. */
interface DirectorDecision {
  readonly path: string;
  readonly masterKey: string;
}

const ANSWER_LIMIT_MS = 2_000;

const REASON = 'demo';

/** A killed pod is restarted after this time, as Kubernetes would. */
const RESTART_MS = 10_000;

export interface DirectorOptions {
  readonly stage: Stage;
  readonly faults: Faults;
  /** Called with a sentence about each action. */
  readonly tell: (text: string) => void;
}

/** Carries out orders: breaks things and restores them. */
export class Director {
  readonly #stage: Stage;
  readonly #faults: Faults;
  readonly #tell: (text: string) => void;

  constructor({ stage, faults, tell }: DirectorOptions) {
    this.#stage = stage;
    this.#faults = faults;
    this.#tell = tell;
  }

  /** Never rejects: an error is shown as a sentence. */
  async do(order: Order, shot: Snapshot): Promise<void> {
    try {
      await this.#carryOut(order, shot);
    } catch (error) {
      this.#tell(`Failed: ${error instanceof Error ? error.message : 'no reason given'}`);
    }
  }

  /** Starts pods whose restart is due, and schedules it for pods that exited unexpectedly. */
  restartDue(nowMs: number): void {
    for (const pod of this.#stage.pods) {
      if (pod.life !== 'down') continue;
      const backAtMs = this.#faults.backAtMs(pod);
      if (backAtMs === undefined) {
        this.#tell(`${pod.name} exited unexpectedly; it restarts in ${RESTART_MS / 1000} s`);
        this.#faults.setBackAt(pod, nowMs + RESTART_MS);
      } else if (nowMs >= backAtMs) void this.#startAgain(pod);
    }
  }

  async #carryOut(order: Order, shot: Snapshot): Promise<void> {
    const { vendors } = this.#stage;
    switch (order.kind) {
      case 'kill-prober':
        return await this.#kill(lastProber(this.#stage.pods, shot), shot);
      case 'fail':
        this.#faults.setModel(order.model, 'failing');
        this.#tell(`${order.model} now fails: its upstream answers 500`);
        return await vendors.remote.set(order.model, { kind: 'status', status: 500 });
      case 'slow':
        this.#faults.setModel(order.model, 'slow');
        this.#tell(`${order.model} is now slow: its upstream takes ${order.seconds} s for an answer`);
        return await vendors.remote.set(order.model, { kind: 'slow', ms: order.seconds * 1000 });
      case 'cut-network':
        return await this.#cut(
          order.pod === 'busiest' ? busiestPod(this.#stage.pods, shot, this.#faults) : this.#stage.pods[order.pod - 1],
        );
      case 'stop-redis':
        return await this.#breakRedis('Redis gets SIGKILL: its data is gone', (redis) => redis.stopHard());
      case 'hang-redis':
        return await this.#breakRedis('Redis gets SIGSTOP: its connections stay open and nothing answers', (redis) =>
          redis.hang(),
        );
      case 'drain':
      case 'undrain':
        return await this.#decide(`allswell ${order.kind} ${order.model}`, this.#pathOf(order.model, order.kind));
      case 'pause':
      case 'resume':
        return await this.#decide(`allswell probing ${order.kind}`, `/fleet/probing/${order.kind}`);
      case 'bring-back':
        return await this.#bringBack(order.what, shot);
    }
  }

  async #kill(pod: StagePod | undefined, { targets }: Snapshot): Promise<void> {
    if (pod === undefined) return this.#tell('No running pod to kill');
    const halfway = targets.filter(({ probing }) => probing === pod.name).map(({ name }) => name);
    const during = halfway.length === 0 ? '' : ` while it probes ${halfway.join(', ')}`;
    this.#tell(`${pod.name} probed last: its ${pod.killEffect}${during}`);
    this.#faults.setBackAt(pod, Date.now() + RESTART_MS);
    await pod.kill();
  }

  async #cut(pod: StagePod | undefined): Promise<void> {
    if (pod?.ownPort === undefined) {
      return this.#tell('No pod with its own network to cut');
    }
    this.#tell(`${pod.name} loses its network: every upstream refuses its connections, but not those of other pods`);
    this.#faults.cut(pod);
    await this.#stage.vendors.remote.setFault(pod.ownPort, 'refuse');
  }

  async #breakRedis(text: string, breakIt: (redis: StageRedis) => Promise<void> | void): Promise<void> {
    const { redis } = this.#stage;
    if (redis === undefined) return this.#tell('No Redis to stop: the pods share the memory of one process');
    this.#tell(text);
    await breakIt(redis);
  }

  /** Shows the equivalent command. */
  async #decide(command: string, path: string): Promise<void> {
    const { pods, masterKey } = this.#stage;
    const done = await decide(pods, { path, masterKey });
    this.#tell('why' in done ? `Failed: ${done.why}` : `Operator, through ${done.by}: ${command}`);
  }

  #pathOf(model: string, verb: 'drain' | 'undrain'): string {
    const target = this.#stage.config.targets.find(({ upstreamModel }) => upstreamModel === model);
    return `/fleet/targets/${target?.id ?? ''}/${verb}`;
  }

  async #bringBack(what: Broken, shot: Snapshot): Promise<void> {
    const all = what.kind === 'everything';
    const models = what.kind === 'model' ? [what.model] : all ? this.#faults.models() : [];
    const mended = [
      ...(await this.#mendModels(models)),
      ...(all || what.kind === 'network' ? await this.#mendNetwork() : []),
      ...(all || what.kind === 'redis' ? await this.#mendRedis() : []),
      ...(all || what.kind === 'pods' ? this.#restartAll() : []),
      ...(all ? await this.#endHolds(shot) : []),
    ];
    if (mended.length === 0) this.#tell('Nothing to restore');
  }

  async #endHolds({ targets, probing }: Snapshot): Promise<readonly string[]> {
    const held = targets.filter(({ hold }) => hold !== null).map(({ name }) => name);
    const ends = held.map((name) => this.#decide(`allswell undrain ${name}`, this.#pathOf(name, 'undrain')));
    if (probing === 'paused') ends.push(this.#decide('allswell probing resume', '/fleet/probing/resume'));
    await Promise.all(ends);
    return probing === 'paused' ? [...held, 'probing'] : held;
  }

  async #mendModels(models: readonly string[]): Promise<readonly string[]> {
    const { vendors } = this.#stage;
    for (const model of models) {
      this.#faults.setModel(model, 'none');
      this.#tell(`${model} answers normally again`);
    }
    await Promise.all(models.map((model) => vendors.remote.set(model, vendors.healthy(model))));
    return models;
  }

  async #mendNetwork(): Promise<readonly string[]> {
    const pods = this.#faults.takeCut();
    for (const { name } of pods) this.#tell(`${name} has network again`);
    await Promise.all(pods.map((pod) => this.#stage.vendors.remote.setFault(pod.ownPort ?? 0, 'none')));
    return pods.map(({ name }) => name);
  }

  async #mendRedis(): Promise<readonly string[]> {
    const { redis } = this.#stage;
    if (redis === undefined || redis.state === 'up') return [];
    this.#tell(redis.state === 'hung' ? 'Redis gets SIGCONT: it answers again' : 'Redis is restarted, empty');
    await redis.bringBack();
    return ['redis'];
  }

  #restartAll(): readonly string[] {
    const down = this.#stage.pods.filter(({ life }) => life === 'down');
    for (const pod of down) void this.#startAgain(pod);
    return down.map(({ name }) => name);
  }

  async #startAgain(pod: StagePod): Promise<void> {
    this.#faults.clearBackAt(pod);
    this.#tell(`${pod.name} is restarted`);
    try {
      await pod.start();
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : `${pod.name} did not start`);
    }
  }
}

/** Sends the decision to the first running pod. Returns the pod's name, or the reason of a failure. */
async function decide(
  pods: readonly StagePod[],
  { path, masterKey }: DirectorDecision,
): Promise<{ readonly by: string } | { readonly why: string }> {
  const pod = pods.find(({ url }) => url !== undefined);
  if (pod?.url === undefined) return { why: 'no pod runs' };
  const response = await fetch(`${pod.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: REASON, by: 'demo' }),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  return response.ok ? { by: pod.name } : { why: `${pod.name} answers ${response.status}` };
}

/** The running pod with the newest evidence. */
function lastProber(pods: readonly StagePod[], { targets }: Snapshot): StagePod | undefined {
  const running = pods.filter(({ life }) => life === 'running');
  const newestFirst = targets.toSorted((a, b) => (b.checkedAtMs ?? 0) - (a.checkedAtMs ?? 0));
  return (
    newestFirst.map(({ by }) => running.find(({ name }) => name === by)).find((pod) => pod !== undefined) ?? running[0]
  );
}

/**
 * The pod whose probes go to the most hosts: without network it fails at most of them, and so finds itself impaired.
 */
function busiestPod(
  pods: readonly StagePod[],
  { targets }: Snapshot,
  troubles: Pick<Faults, 'isCut'>,
): StagePod | undefined {
  const hostsOf = ({ name }: StagePod): number =>
    new Set(targets.filter(({ by }) => by === name).map(({ host }) => host)).size;
  return pods
    .filter((pod) => pod.life === 'running' && pod.ownPort !== undefined && !troubles.isCut(pod))
    .toSorted((a, b) => hostsOf(b) - hostsOf(a))[0];
}
