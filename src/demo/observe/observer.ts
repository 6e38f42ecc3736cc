import type { FleetBody } from '../../api/index.ts';
import type { ProbeTarget } from '../../config/index.ts';
import type { UpstreamStats } from '../../testing/index.ts';
import type { Faults } from '../director/faults.ts';
import type { Stage } from '../stage/start-stage.ts';
import type { StagePod } from '../stage/stage-pod.ts';
import type { Load } from '../traffic/load.ts';
import { independentProbes, recentRate } from './count-probes.ts';
import type { PodLife } from './count-probes.ts';
import { evidenceMs, newestView, readFleetPage } from './fleet-page.ts';
import { savings } from './savings.ts';
import type { PodShot, Snapshot, TargetShot, FleetSpend } from './snapshot.ts';

interface Seen {
  readonly atMs: number;
  readonly stats: UpstreamStats;
  readonly pages: ReadonlyMap<StagePod, FleetBody>;
}

/** Takes snapshots from the pods' `/fleet` and the upstream's counters. */
export class Observer {
  readonly #stage: Stage;
  readonly #faults: Faults;
  readonly #load: Pick<Load, 'counts'>;
  readonly #startedMs: number = Date.now();
  readonly #lives = new Map<StagePod, { fromMs: number; toMs?: number }[]>();
  /** Pod names by the ids of all their processes so far. */
  readonly #names = new Map<string, string>();
  readonly #costs = new Map<string, number>();
  /** Probes that requests replaced, by pod id. */
  readonly #replaced = new Map<string, number>();

  constructor(stage: Stage, troubles: Faults, load: Pick<Load, 'counts'>) {
    this.#stage = stage;
    this.#load = load;
    this.#faults = troubles;
    this.#noteLives(this.#startedMs);
  }

  async look(): Promise<Snapshot> {
    const { pods, vendors, masterKey } = this.#stage;
    const answers = pods.map(async (pod) => [pod, pod.url && (await readFleetPage(pod.url, masterKey))] as const);
    const [stats, ...answered] = await Promise.all([vendors.remote.stats(), ...answers]);
    const pages = new Map(answered.flatMap(([pod, page]) => (page ? [[pod, page] as const] : [])));
    const atMs = Date.now();
    this.#noteLives(atMs);
    return this.#snapshot({ atMs, stats, pages });
  }

  #snapshot(seen: Seen): Snapshot {
    const { config, pods, redis, vendors } = this.#stage;
    const { atMs, stats } = seen;
    const { intervalMs } = config;
    const targets = config.targets.map((target) => this.#targetShot(target, seen));
    const calls = config.targets.map(({ upstreamModel }) => stats.models[upstreamModel]?.probes);
    const independentPerTarget = independentProbes(this.#allLives(), { intervalMs, nowMs: atMs });
    return {
      atMs,
      elapsedMs: atMs - this.#startedMs,
      intervalMs,
      pids: [vendors.pid, redis?.pid, ...pods.map(({ pid }) => pid)].filter((pid) => pid !== undefined),
      redis: redis?.state ?? 'none',
      probing: [...seen.pages.values()].some((page) => page.probing_paused !== null) ? 'paused' : 'on',
      pods: pods.map((pod) => this.#podShot(pod, seen)),
      targets,
      probes: {
        counted: calls.reduce((sum, probes) => sum + (probes?.count ?? 0), 0),
        independent: independentPerTarget * targets.length,
        rate: recentRate({
          starts: calls.map((probes) => probes?.starts ?? []),
          // The first interval has two probes per target: one at the start, and the first on the grid.
          sinceMs: this.#startedMs + intervalMs,
          nowMs: atMs,
          intervalMs,
        }),
      },
      requests: { ...this.#load.counts, replacedProbes: this.#replacedProbes(seen) },
      money: savings({
        targets: calls.map((probes, i) => ({
          counted: probes?.count ?? 0,
          costUsd: this.#costs.get(config.targets[i]?.id ?? ''),
        })),
        independentPerTarget,
        pods: pods.length,
        intervalMs,
      }),
      fleetSpend: fleetSpendOf([...seen.pages.values()]),
    };
  }

  #targetShot({ id, upstreamModel: name, host }: ProbeTarget, { pages, stats, atMs }: Seen): TargetShot {
    const view = newestView([...pages.values()], id);
    const probe = view?.record?.last;
    if (probe?.costUsd !== undefined) this.#costs.set(id, probe.costUsd);
    const deployments = this.#stage.config.deployments.filter(({ targetId }) => targetId === id);
    const since = view?.since ?? null;
    return {
      name,
      serves: [...new Set(deployments.map(({ modelName }) => modelName))],
      state: view?.state ?? 'unknown',
      isStale: view?.stale ?? false,
      why: view?.why ?? 'no pod answers',
      sinceMs: since === null ? null : atMs - Date.parse(since),
      ageMs: view === undefined || view.age_seconds === null ? null : view.age_seconds * 1000,
      checkedAtMs: view === undefined || view.checked_at === null ? null : evidenceMs(view),
      probes: stats.models[name]?.probes.count ?? 0,
      by: probe === undefined ? null : (this.#names.get(probe.pod) ?? probe.pod),
      host,
      latencyMs: probe?.latencyMs ?? null,
      probing: view === undefined || view.lease === null ? null : (this.#names.get(view.lease.pod) ?? view.lease.pod),
      hold: view?.hold?.kind ?? null,
      fault: this.#faults.ofModel(name),
      metFault: this.#metFault(name, stats),
    };
  }

  #metFault(name: string, stats: UpstreamStats): number {
    const sinceMs = this.#faults.sinceMs(name);
    if (sinceMs === undefined) return 0;
    return stats.models[name]?.traffic.starts.filter((atMs) => atMs >= sinceMs).length ?? 0;
  }

  /** Also of pods that have ended since. */
  #replacedProbes({ pages }: Seen): number {
    for (const [pod, { traffic }] of pages) this.#replaced.set(pod.id, traffic.probes_avoided);
    return Math.round([...this.#replaced.values()].reduce((sum, one) => sum + one, 0));
  }

  #podShot(pod: StagePod, { pages, stats, atMs }: Seen): PodShot {
    const page = pages.get(pod);
    const backAtMs = this.#faults.backAtMs(pod);
    const names = new Map(this.#stage.config.targets.map(({ id, upstreamModel }) => [id, upstreamModel]));
    const views = page?.targets ?? [];
    return {
      name: pod.name,
      life: pod.life,
      backInMs: pod.life === 'running' || backAtMs === undefined ? null : Math.max(0, backAtMs - atMs),
      self: page === undefined ? null : { mode: page.mode, impaired: page.impaired, storeProblem: page.store.problem },
      network: this.#faults.isCut(pod) ? 'cut' : 'open',
      probes: pod.ownPort === undefined ? null : probesThrough(stats, pod.ownPort),
      failingOnlyHere: views.filter(({ local_only: alone }) => alone).length,
      states: Object.fromEntries(views.map(({ target, state }) => [names.get(target) ?? target, state])),
    };
  }

  #allLives(): readonly PodLife[] {
    return [...this.#lives.values()].flat();
  }

  #noteLives(nowMs: number): void {
    for (const pod of this.#stage.pods) {
      const lives = this.#lives.get(pod) ?? [];
      this.#lives.set(pod, lives);
      const last = lives.at(-1);
      const isOpen = last !== undefined && last.toMs === undefined;
      if (pod.life === 'running' && !isOpen) {
        lives.push({ fromMs: nowMs });
        this.#names.set(pod.id, pod.name);
      }
      if (pod.life !== 'running' && isOpen) last.toMs = nowMs;
    }
  }
}

function probesThrough(stats: UpstreamStats, port: number): number {
  return Object.values(stats.models).reduce((sum, { probes }) => sum + (probes.ports[port] ?? 0), 0);
}

/** The fleet's own sums, from the pod that read them last, over all days because a demo may pass midnight. */
export function fleetSpendOf(pages: readonly Pick<FleetBody, 'money'>[]): FleetSpend | null {
  const read = pages.map(({ money }) => money).filter(({ as_of: asOf }) => asOf !== null);
  const [newest] = read.toSorted((a, b) => Date.parse(b.as_of ?? '') - Date.parse(a.as_of ?? ''));
  if (newest === undefined) return null;
  const spent = newest.days.flatMap(({ spent_usd: usd }) => usd ?? []);
  const saved = newest.days.flatMap(({ saved_usd: usd }) => usd ?? []);
  if (spent.length === 0) return { spentUsd: null, savedUsd: null };
  return {
    spentUsd: sumOf(spent),
    savedUsd: {
      bySharing: sumOf(saved.map((one) => one.by_sharing)),
      byAlias: sumOf(saved.map((one) => one.by_alias)),
      byCache: sumOf(saved.map((one) => one.by_cache)),
    },
  };
}

function sumOf(dollars: readonly number[]): number {
  return dollars.reduce((sum, one) => sum + one, 0);
}
