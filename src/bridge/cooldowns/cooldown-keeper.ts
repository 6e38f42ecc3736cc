import type {
  Clock,
  Cooldown,
  CooldownStore,
  CooldownView,
  FoundCooldown,
  StoreLoss,
  Timer,
} from '../../ports/index.ts';
import type { CooldownLines } from './cooldown-lines.ts';
import { planCooldowns } from './plan.ts';
import type { CooldownCandidate, CooldownPlan } from './plan.ts';
import type { Pool } from './pools.ts';

/** Distance between two renewals: as often as LiteLLM's Router reads the keys. */
export const RENEW_MS = 1_000;
/** How long a cooldown lasts without a renewal: two renewals may fail. LiteLLM's pods are on their own after it. */
export const LIFE_MS = 3_000;
/** Shortest distance between two writes because of changed verdicts: with a renewal, three commands per second. */
const SPACING_MS = 1_000;

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
  /** `on` by the configuration and not switched off for the fleet. */
  readonly mode: () => CooldownView['mode'];
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
  readonly #byLitellm = new Map<string, FoundCooldown>();
  #plan: CooldownPlan = { cooled: new Set(), kept: [] };
  /** Deployments whose key this pod wrote and has not ended. */
  #written: ReadonlySet<string> = new Set();
  #writtenSince = new Map<string, number>();
  #writes = 0;
  #loss: StoreLoss | null = null;
  #timer: Timer | undefined;
  #soon: Timer | undefined;
  #running: Promise<void> | undefined;
  #changedMs = -Infinity;
  #stopped = false;

  constructor(options: CooldownKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#runIn(0);
  }

  /** Verdicts, holds or the configuration changed: acts at once. */
  changed(): void {
    if (this.#stopped || this.#soon !== undefined) return;
    const sinceMs = this.#options.clock.monotonicMs() - this.#changedMs;
    this.#soon = this.#options.clock.setTimer(Math.max(0, SPACING_MS - sinceMs), () => {
      this.#soon = undefined;
      this.#changedMs = this.#options.clock.monotonicMs();
      void this.#after(async () => await this.#act());
    });
  }

  /** Renews nothing from here on: all cooldowns of ours end within {@link LIFE_MS}, unless another pod renews them. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#soon?.cancel();
    await this.#running;
    await this.#options.store.close();
  }

  view(): CooldownView {
    const { mode, leads } = this.#options;
    const acting = leads() && this.#loss === null;
    const cooled = acting ? [...this.#plan.cooled] : [];
    return {
      mode: mode(),
      leads: leads(),
      why: this.#loss === null ? null : this.#loss.message,
      cooled: cooled.map((modelId) => ({ modelId, since: this.#writtenSince.get(modelId) ?? null })),
      kept: acting ? this.#plan.kept.map(({ modelId, pool }) => ({ modelId, pool })) : [],
      byLitellm: acting ? [...this.#byLitellm.keys()] : [],
      writes: this.#writes,
    };
  }

  #runIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      void this.#after(async () => await this.#renew()).finally(() => this.#runIn(RENEW_MS));
    });
  }

  /** Runs one step at a time, in the order in which they were asked for. */
  async #after(step: () => Promise<void>): Promise<void> {
    const before = this.#running;
    this.#running = (async () => {
      await before;
      try {
        if (!this.#stopped) await step();
      } catch (error) {
        this.#options.lines.failed(error);
      }
    })();
    await this.#running;
  }

  async #renew(): Promise<void> {
    if (this.#options.mode() !== 'off' && this.#options.leads()) await this.#read();
    await this.#act();
  }

  async #act(): Promise<void> {
    const { mode, leads, lines } = this.#options;
    if (mode() === 'off' || !leads()) return this.#rest();
    const source = this.#options.source();
    const candidates = source.candidates();
    const next = planCooldowns({ pools: source.pools, candidates, cooledByLitellm: new Set(this.#byLitellm.keys()) });
    if (mode() === 'on' && this.#loss === null) await this.#write(next, candidates);
    if (this.#loss === null) lines.planned(this.#plan, next, { candidates, mode: mode() });
    else lines.lost(this.#loss);
    this.#plan = next;
  }

  /** Another pod leads, or cooldowns are off: what this pod wrote ends by itself or is renewed there. */
  #rest(): void {
    this.#plan = { cooled: new Set(), kept: [] };
    this.#written = new Set();
    this.#writtenSince.clear();
    this.#byLitellm.clear();
    this.#loss = null;
  }

  async #read(): Promise<void> {
    const { store, source, found, nowSeconds } = this.#options;
    const answer = await store.read(source().modelIds);
    this.#loss = answer.kind === 'lost' ? answer.loss : null;
    if (answer.kind === 'lost') return;
    const seen = new Map(this.#byLitellm);
    this.#byLitellm.clear();
    for (const [modelId, cooldown] of answer.value) {
      if (cooldown.by !== 'litellm' || cooldown.atSeconds + cooldown.seconds <= nowSeconds()) continue;
      this.#byLitellm.set(modelId, cooldown);
      if (seen.get(modelId)?.atSeconds !== cooldown.atSeconds) found(modelId, cooldown);
    }
  }

  async #write({ cooled }: CooldownPlan, candidates: readonly CooldownCandidate[]): Promise<void> {
    const { store, nowSeconds } = this.#options;
    const atSeconds = nowSeconds();
    const seconds = LIFE_MS / 1_000;
    const cooldowns = new Map<string, Cooldown | null>();
    for (const modelId of this.#written) if (!cooled.has(modelId)) cooldowns.set(modelId, null);
    for (const { modelId, status, why } of candidates) {
      if (cooled.has(modelId)) cooldowns.set(modelId, { status, reason: why, atSeconds, seconds });
    }
    if (cooldowns.size === 0) return;
    const answer = await store.keep({ cooldowns, lifeMs: LIFE_MS });
    this.#loss = answer.kind === 'lost' ? answer.loss : null;
    if (answer.kind === 'lost') {
      this.#written = new Set([...this.#written, ...cooled]);
      return;
    }
    this.#written = new Set([...answer.value].flatMap(([modelId, outcome]) => (outcome === 'kept' ? modelId : [])));
    this.#writtenSince = new Map(
      [...this.#written].map((modelId) => [modelId, this.#writtenSince.get(modelId) ?? atSeconds]),
    );
    this.#writes += 1;
  }
}
