import type {
  Clock,
  CooledDeployment,
  Cooldown,
  CooldownMode,
  CooldownOutcome,
  CooldownStore,
  CooldownView,
  FoundCooldown,
  PlannedCooldown,
  PoolGuard,
  StoreLoss,
} from '../../ports/index.ts';
import { changesFor } from './changes.ts';
import { CooldownCounter } from './cooldown-counts.ts';
import type { CooldownLines } from './cooldown-lines.ts';
import { endsAt, NONE_FOUND, sortFound } from './found-cooldowns.ts';
import type { FoundCooldowns } from './found-cooldowns.ts';
import { guardsFor } from './guards.ts';
import { planHandover } from './handover.ts';
import type { CooldownCandidate, CooldownPlan } from './plan.ts';
import type { Pool } from './pools.ts';
import { RENEW_MS, Steps } from './steps.ts';

/** Distance between two reads: as often as LiteLLM's Router reads the keys. */
const READ_MS = 1_000;
/** How long a cooldown lasts without a renewal. LiteLLM's pods are on their own after it. */
export const LIFE_MS = 3_000;
/** The deployments of the configuration, as of now. */
export interface CooldownSource {
  readonly modelIds: readonly string[];
  readonly pools: readonly Pool[];
  candidates(): readonly CooldownCandidate[];
}

export interface CooldownKeeperOptions {
  readonly store: CooldownStore;
  readonly clock: Clock;
  readonly lines: CooldownLines;
  readonly source: () => CooldownSource;
  /** By the configuration, and the restriction of the fleet. */
  readonly mode: () => CooldownMode;
  /** This pod holds the bridge's lease and can rely on its verdicts. */
  readonly leads: () => boolean;
  /** The store's clock, Unix time in seconds. */
  readonly nowSeconds: () => number;
  /** Called with each cooldown that a LiteLLM pod began. */
  readonly found: (modelId: string, cooldown: FoundCooldown) => void;
}

/**
 * Keeps LiteLLM's Router from deployments that the fleet found failing, by cooldown keys that end by themselves, and
 * notices the cooldowns that LiteLLM begins. Only the pod with the bridge's lease does either.
 */
export class CooldownKeeper {
  readonly #options: CooldownKeeperOptions;
  #found: FoundCooldowns = NONE_FOUND;
  #plan: CooldownPlan = { cooled: new Set(), leftRoutable: [] };
  #candidates: ReadonlyMap<string, CooldownCandidate> = new Map();
  /** Unix time, s, since when the present plan has a deployment. */
  #since: ReadonlyMap<string, number> = new Map();
  /** Deployments whose key this pod wrote and has not ended, with the time in their text. */
  #written: ReadonlyMap<string, number> = new Map();
  /** When this pod ended a cooldown before it was over. */
  readonly #endedMs = new Map<string, number>();
  #outcomes: ReadonlyMap<string, CooldownOutcome> = new Map();
  readonly #counter = new CooldownCounter();
  #loss: StoreLoss | null = null;
  readonly #steps: Steps;
  #readMs = -Infinity;

  constructor(options: CooldownKeeperOptions) {
    this.#options = options;
    const { clock, lines } = options;
    this.#steps = new Steps({ clock, step: () => this.#renew(), failed: (error) => lines.failed(error) });
  }

  start(): void {
    this.#steps.start();
  }

  /** Verdicts, holds or the configuration changed: acts at once. */
  changed(): void {
    this.#steps.changed();
  }

  /** Renews nothing from here on: all cooldowns of ours end within {@link LIFE_MS}, unless another pod renews them. */
  async stop(): Promise<void> {
    await this.#steps.stop();
    await this.#options.store.close();
  }

  view(): Omit<CooldownView, 'configured' | 'ownRedis'> {
    const { mode, leads } = this.#options;
    const isKnown = leads() && this.#loss === null;
    return {
      mode: mode(),
      leads: leads(),
      loss: this.#loss,
      cooled: isKnown ? [...this.#plan.cooled].flatMap((modelId) => this.#cooled(modelId)) : [],
      leftRoutable: isKnown
        ? this.#plan.leftRoutable.flatMap(({ modelId, pool }) =>
            this.#planned(modelId).map((one) => ({ ...one, pool })),
          )
        : [],
      byLitellm: isKnown
        ? [...this.#found.byLitellm].map(([modelId, cooldown]) => {
            return { modelId, status: cooldown.status, since: cooldown.atSeconds, until: endsAt(cooldown) };
          })
        : [],
      counts: this.#counter.counts(),
    };
  }

  #planned(modelId: string): PlannedCooldown[] {
    const candidate = this.#candidates.get(modelId);
    if (candidate === undefined) return [];
    const { group, reason, why } = candidate;
    return [{ modelId, group, reason, why, since: this.#since.get(modelId) ?? this.#options.nowSeconds() }];
  }

  #cooled(modelId: string): CooledDeployment[] {
    const status = this.#candidates.get(modelId)?.status ?? 0;
    const outcome = this.#outcomes.get(modelId);
    const isTheirs = outcome === 'theirs' || this.#found.byLitellm.has(modelId);
    const by = outcome === 'written' ? 'allswell' : isTheirs ? 'litellm' : null;
    return this.#planned(modelId).map((one) => ({ ...one, status, by }));
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  async #renew(): Promise<void> {
    // A timer may fire a little early against the last read, which began a little late.
    const reads = this.#nowMs() - this.#readMs >= READ_MS - RENEW_MS / 4 || this.#loss !== null;
    if (reads && this.#options.mode() !== 'off' && this.#options.leads()) await this.#read();
    await this.#act();
  }

  async #act(): Promise<void> {
    const { mode, leads, lines } = this.#options;
    if (mode() !== 'on' && leads()) await this.#end();
    if (mode() === 'off' || !leads()) return this.#rest();
    const source = this.#options.source();
    const candidates = source.candidates();
    const { byLitellm, byOthers } = this.#found;
    const cooledByLitellm = new Set([...byLitellm.keys(), ...byOthers.keys()]);
    const { pools } = source;
    const stillCooled = this.#stillCooled();
    const next = planHandover({ pools, candidates, cooledByLitellm }, stillCooled);
    if (mode() === 'on' && this.#loss === null) {
      await this.#write(next, candidates, guardsFor({ plan: next, pools, cooledByLitellm, stillCooled }));
    }
    const done = mode() === 'on' ? this.#unblocked(next) : next;
    if (this.#loss === null) lines.planned(this.#plan, done, { candidates, mode: mode() });
    else lines.lost(this.#loss);
    this.#remember(done, candidates);
  }

  /** What this pod keeps cooled, and what LiteLLM's pods may not have seen the end of. */
  #stillCooled(): ReadonlySet<string> {
    const now = this.#nowMs();
    for (const [modelId, endedMs] of this.#endedMs) if (now - endedMs >= LIFE_MS) this.#endedMs.delete(modelId);
    return new Set([...this.#written.keys(), ...this.#endedMs.keys()]);
  }

  /** The plan without the deployments whose key could not be written. */
  #unblocked(plan: CooldownPlan): CooldownPlan {
    const cooled = new Set<string>();
    for (const modelId of plan.cooled) {
      const outcome = this.#outcomes.get(modelId);
      if (outcome === 'blocked') this.#options.lines.blocked(modelId);
      // Refused by a guard: the next plan knows why, because it begins with a read.
      if (outcome !== 'blocked' && outcome !== 'last') cooled.add(modelId);
    }
    return { ...plan, cooled };
  }

  #remember(next: CooldownPlan, candidates: readonly CooldownCandidate[]): void {
    this.#candidates = new Map(candidates.map((one) => [one.modelId, one]));
    const before = new Set(this.#plan.leftRoutable.map(({ modelId }) => modelId));
    for (const { modelId } of next.leftRoutable) {
      const reason = this.#candidates.get(modelId)?.reason;
      if (reason !== undefined && !before.has(modelId)) this.#counter.refused(reason);
    }
    const planned = [...next.cooled, ...next.leftRoutable.map(({ modelId }) => modelId)];
    const now = this.#options.nowSeconds();
    this.#since = new Map(planned.map((modelId) => [modelId, this.#since.get(modelId) ?? now]));
    this.#plan = next;
  }

  /** Cooldowns are no longer written: those of this pod end now, and not only with their keys. */
  async #end(): Promise<void> {
    if (this.#written.size === 0) return;
    const cooldowns = new Map([...this.#written.keys()].map((modelId) => [modelId, null]));
    this.#written = new Map();
    this.#outcomes = new Map();
    const answer = await this.#send(cooldowns, []);
    if (answer.kind === 'lost') this.#counter.failed(answer.loss);
  }

  /** Another pod leads, or cooldowns are off: what this pod wrote ends by itself or is renewed there. */
  #rest(): void {
    this.#plan = { cooled: new Set(), leftRoutable: [] };
    this.#written = new Map();
    this.#outcomes = new Map();
    this.#since = new Map();
    this.#found = NONE_FOUND;
    this.#loss = null;
  }

  async #read(): Promise<void> {
    const { store, source, found, nowSeconds } = this.#options;
    this.#readMs = this.#nowMs();
    const answer = await store.read(source().modelIds);
    this.#loss = answer.kind === 'lost' ? answer.loss : null;
    if (answer.kind === 'lost') return this.#counter.failed(answer.loss);
    const { byLitellm: seen, byOthers } = this.#found;
    this.#found = sortFound(answer.value, { nowSeconds: nowSeconds(), written: this.#written });
    for (const [modelId, cooldown] of byOthers) if (!answer.value.has(modelId)) this.#endedEarly(modelId, cooldown);
    for (const [modelId, cooldown] of this.#found.byLitellm) {
      if (seen.get(modelId)?.atSeconds === cooldown.atSeconds) continue;
      this.#counter.noticed();
      found(modelId, cooldown);
    }
  }

  /** Another fleet ended its cooldown: LiteLLM's pods keep it until its end, and it may have been renewed since it was read. */
  #endedEarly(modelId: string, cooldown: FoundCooldown): void {
    const leftMs = (endsAt(cooldown) - this.#options.nowSeconds()) * 1_000;
    if (leftMs > 0) this.#endedMs.set(modelId, this.#nowMs() - Math.max(0, LIFE_MS - leftMs - READ_MS));
  }

  async #send(cooldowns: Cooldowns, guards: readonly PoolGuard[]): ReturnType<CooldownStore['write']> {
    for (const [modelId, cooldown] of cooldowns) if (cooldown === null) this.#endedMs.set(modelId, this.#nowMs());
    return await this.#options.store.write({ cooldowns, lifeMs: LIFE_MS, guards });
  }

  async #write(plan: CooldownPlan, candidates: readonly CooldownCandidate[], guards: readonly PoolGuard[]) {
    const { byOthers } = this.#found;
    const atSeconds = this.#options.nowSeconds();
    const before = { outcomes: this.#outcomes, written: this.#written };
    const cooldowns = changesFor({ plan, candidates, written: before.written, byOthers, atSeconds, lifeMs: LIFE_MS });
    if (cooldowns.size === 0) return;
    const answer = await this.#send(cooldowns, guards);
    this.#loss = answer.kind === 'lost' ? answer.loss : null;
    if (answer.kind === 'lost') {
      this.#counter.failed(answer.loss);
      this.#written = new Map([...before.written, ...[...plan.cooled].map((id) => [id, atSeconds] as const)]);
      return;
    }
    this.#outcomes = answer.value;
    this.#written = writtenAfter(answer.value, before.written, atSeconds);
    if ([...answer.value.values()].includes('last')) this.#readMs = -Infinity;
    for (const { modelId, reason } of candidates) {
      const isWritten = answer.value.get(modelId) === 'written';
      if (isWritten && before.outcomes.get(modelId) !== 'written') this.#counter.written(reason);
    }
    this.#counter.wrote();
  }
}

type Cooldowns = ReadonlyMap<string, Cooldown | null>;

/** A cooldown that was refused now may still be there from before. */
function writtenAfter(
  outcomes: ReadonlyMap<string, CooldownOutcome>,
  before: ReadonlyMap<string, number>,
  atSeconds: number,
): ReadonlyMap<string, number> {
  return new Map(
    [...outcomes].flatMap(([modelId, outcome]) => {
      const since = outcome === 'written' ? atSeconds : outcome === 'last' ? before.get(modelId) : undefined;
      return since === undefined ? [] : [[modelId, since] as const];
    }),
  );
}
