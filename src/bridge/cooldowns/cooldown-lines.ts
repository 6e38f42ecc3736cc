import type { Clock, CooldownMode, Logger, StoreLoss } from '../../ports/index.ts';
import type { CooldownCandidate, CooldownPlan } from './plan.ts';

/** The same warning is logged at most once in this time. */
const ONCE_PER_MS = 60_000;
/** More deployments in one plan are logged as a number. */
const LISTED = 5;

interface Told {
  readonly candidates: readonly CooldownCandidate[];
  readonly mode: CooldownMode;
}

/** The log lines of cooldowns: each is logged when it begins and when it ends, not while it lasts. */
export class CooldownLines {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #toldMs = new Map<string, number>();
  readonly #blocked = new Set<string>();
  #lossTold = false;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  planned(before: CooldownPlan, next: CooldownPlan, { candidates, mode }: Told): void {
    if (this.#lossTold) this.#logger.info('LiteLLM cooldowns renewed again: the Redis of the Router answers');
    this.#lossTold = false;
    const head = mode === 'on' ? 'LiteLLM cooldown' : 'LiteLLM cooldown (observe only)';
    const begun = candidates.filter(({ modelId }) => next.cooled.has(modelId) && !before.cooled.has(modelId));
    this.#begun(begun, mode);
    const ended = [...before.cooled].filter((modelId) => !next.cooled.has(modelId));
    for (const modelId of ended.slice(0, LISTED)) this.#logger.info(`${head} ended: ${modelId}`);
    if (ended.length > LISTED) this.#logger.info(`${head} ended: ${ended.length - LISTED} more deployments`);
    for (const { modelId, pool } of next.leftRoutable) {
      const one = candidates.find((candidate) => candidate.modelId === modelId);
      if (one === undefined || before.leftRoutable.some((left) => left.modelId === modelId)) continue;
      if (!this.#isNews(`left routable ${modelId}`)) continue;
      this.#logger.warn(
        `${head} not set for ${one.group} (${modelId}): it is the last routable deployment of ${pool}, so LiteLLM still sends it requests; ${one.why}. To fix: add a deployment or a fallback`,
      );
    }
  }

  /** The bridge knows what it wrote, not which LiteLLM pods read it. */
  #begun(begun: readonly CooldownCandidate[], mode: CooldownMode): void {
    const more = begun.length - LISTED;
    for (const { group, modelId, why } of begun.slice(0, LISTED)) {
      if (mode === 'on') {
        this.#logger.info(
          `LiteLLM cooldown written for ${group} (${modelId}): LiteLLM pods that read this Redis send no requests to it; ${why}`,
        );
      } else this.#logger.info(`LiteLLM cooldown (observe only) not written for ${group} (${modelId}): ${why}`);
    }
    if (more <= 0) return;
    if (mode === 'on') this.#logger.info(`LiteLLM cooldown written for ${more} more deployments`);
    else this.#logger.info(`LiteLLM cooldown (observe only) not written for ${more} more deployments`);
  }

  /** Logged once per deployment: only an operator can change it. */
  blocked(modelId: string): void {
    if (this.#blocked.has(modelId)) return;
    this.#blocked.add(modelId);
    this.#logger.warn(
      `LiteLLM cooldown not set: the key deployment:${modelId}:cooldown holds something that is no cooldown in force. To fix: delete this key`,
    );
  }

  lost({ code, message }: StoreLoss): void {
    if (this.#isNews(`lost: ${code}`)) {
      this.#lossTold = true;
      this.#logger.warn(
        `LiteLLM cooldowns not renewed: the Redis of LiteLLM's Router refuses or does not answer: ${message}. To fix: check that Redis and the rights of the bridge's user`,
      );
    }
  }

  failed(error: unknown): void {
    const what = error instanceof Error ? error.message : 'not an Error';
    if (!this.#isNews(`failed: ${what}`)) return;
    this.#logger.error(`LiteLLM cooldowns: a step failed: ${what}. To fix: report it with allswell diagnose`);
  }

  #isNews(kind: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#toldMs.get(kind) ?? -Infinity) < ONCE_PER_MS) return false;
    this.#toldMs.set(kind, nowMs);
    return true;
  }
}
