import type { StoreTime } from '../../health/index.ts';
import { COOLDOWNS, ENDED_KEPT_MS, MAX_BATCH, PROBING } from '../../ports/index.ts';
import type {
  Hold,
  HoldAnswer,
  HoldOrder,
  HoldOutcome,
  HoldKey,
  HoldRequest,
  KeyedHold,
  StoreAnswer,
  StoreLoss,
  Timer,
} from '../../ports/index.ts';
import { isInForce } from '../replication/index.ts';
import type { HoldReplica } from '../replication/index.ts';
import { logBeginning, logEnding } from './hold-log.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions } from '../options.ts';
import { holdName, targetIndexOf } from '../target-index.ts';
import { isAhead } from '../store/index.ts';

/** Longest timer: the store's clock may step meanwhile. */
const MAX_TIMER_MS = 60_000;
/**
 * Ended holds are deleted after a while. A pod that was away for about as long cannot tell a lost hold from an ended
 * one.
 */
const LONGEST_AWAY_MS = ENDED_KEPT_MS - 3_600_000;
/** Losses after which the store may have executed the command anyway. */
const uncertain: ReadonlySet<StoreLoss['code']> = new Set(['timeout', 'disconnected']);

/** Parts that holds use. */
export interface HoldParts {
  readonly holdReplica: HoldReplica;
  readonly now: () => StoreTime;
  /** A hold began, changed or ended. */
  readonly changed: (key: HoldKey) => void;
}

/** Operators' holds: stores them, restores those that the store lost, expires them, and logs each change once. */
export class Holds {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #parts: HoldParts;
  /** Holds in force that have been announced. */
  readonly #announced = new Map<HoldKey, Hold>();
  #timer: Timer | undefined;
  #syncedMs: number | undefined;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker, parts: HoldParts) {
    this.#options = options;
    this.#circuit = circuit;
    this.#parts = parts;
    parts.holdReplica.listen({
      changed: (key) => this.#announce(key),
      quarantined: (key, shown) =>
        options.logger.warn(
          `Ignored the stored hold on ${holdName(options, key)}: it does not parse: ${shown}; it has no effect in this pod. To fix: finish the deploy, or set or end the hold again`,
        ),
    });
  }

  /** The hold in force on a key. */
  on(key: HoldKey): Hold | undefined {
    return this.#parts.holdReplica.inForce(key, this.#parts.now());
  }

  /** The pause of all probing; undefined while pods probe. */
  get pause(): Hold | undefined {
    return this.on(PROBING);
  }

  /** The restriction of LiteLLM cooldowns; undefined while pods follow their configuration. */
  get cooldowns(): Hold | undefined {
    return this.on(COOLDOWNS);
  }

  /** End of the last pause; 0 if probing was never paused or still is. */
  get resumedAt(): StoreTime {
    const hold = this.#parts.holdReplica.probing;
    if (hold === undefined || isInForce(hold, this.#parts.now())) return 0;
    // A hold's version is the time of its decision.
    const endedAt: number = hold.kind === 'none' ? hold.version : (hold.until ?? 0);
    // A time in the future is from before the clock was set back, so that pause has ended.
    return isAhead(endedAt, this.#parts.now()) ? 0 : endedAt;
  }

  /** See `FleetHolder.decide`. A decision takes effect once the store has it, and in no pod before. */
  async decide({ on, ...wish }: HoldOrder): Promise<HoldOutcome> {
    const key = this.#keyOf(on);
    if (key === undefined) return { kind: 'unknown-target' };
    const after = this.#parts.holdReplica.get(key)?.version;
    const request = [{ key, ...wish, ...(after !== undefined && { after }) }];
    const first = await this.#send(request);
    // The command is idempotent, so it is repeated if its outcome is uncertain.
    const unsure = first.kind === 'lost' && uncertain.has(first.loss.code);
    const answer = unsure ? await this.#send(request) : first;
    if (answer.kind === 'ok') {
      const [made] = answer.value;
      if (made?.stored.kind === 'hold') {
        return { kind: 'stored', change: made.kind === 'known' ? 'none' : 'made', hold: made.stored.hold };
      }
    }
    const why = answer.kind === 'lost' ? answer.loss.message : 'the answer came too late';
    return { kind: 'store-lost', why, done: unsure ? 'unknown' : 'nothing' };
  }

  /** The replica was compared with the store: holds that the store lost are restored, long-ended ones are deleted. */
  synced(): void {
    const { holdReplica, now } = this.#parts;
    const nowMs = this.#options.clock.monotonicMs();
    const away = this.#syncedMs !== undefined && nowMs - this.#syncedMs > LONGEST_AWAY_MS;
    this.#syncedMs = nowMs;
    const lost = holdReplica.unstored();
    for (const [key, hold] of lost) if (away || isLongOver(hold, now())) this.#forget(key);
    const offers = lost.filter(([key]) => holdReplica.get(key) !== undefined);
    for (let i = 0; i < offers.length; i += MAX_BATCH) {
      void this.#send(offers.slice(i, i + MAX_BATCH).map(([key, hold]) => ({ key, ...hold })));
    }
  }

  /** The estimate of the store's clock jumped: other holds may have expired. */
  clockJumped(): void {
    for (const [key] of this.#parts.holdReplica.all()) this.#announce(key);
    this.#armTimer();
  }

  /** Deletes long-ended holds here and in the store: those of this pod's replica, or those found in the store. */
  async sweep(found?: readonly KeyedHold[]): Promise<void> {
    const { holdReplica, now } = this.#parts;
    const { pod } = this.#options;
    const holds =
      found?.flatMap(({ key, stored }) => (stored.kind === 'hold' ? [[key, stored.hold] as const] : [])) ??
      holdReplica.all();
    const over = holds.filter(([, hold]) => isLongOver(hold, now()));
    for (let i = 0; i < over.length; i += MAX_BATCH) {
      const batch = over.slice(i, i + MAX_BATCH).map(([key, { version }]) => ({ key, version }));
      // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
      const answer = await this.#circuit.call('sweep-holds', (store, notAfter) =>
        store.sweepHolds({ pod, notAfter, holds: batch }),
      );
      if (answer.kind !== 'ok') return;
      for (const { key } of batch) holdReplica.forget(key);
    }
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #keyOf(on: HoldOrder['on']): HoldKey | undefined {
    if (on === 'probing') return PROBING;
    return on === 'cooldowns' ? COOLDOWNS : targetIndexOf(this.#options).get(on)?.holdKey;
  }

  async #send(holds: readonly HoldRequest[]): Promise<StoreAnswer<readonly HoldAnswer[]>> {
    const { pod, random } = this.#options;
    const newEpoch = random.id(12);
    const answer = await this.#circuit.call('hold', (store, notAfter) =>
      store.hold({ pod, notAfter, newEpoch, holds }),
    );
    if (answer.kind === 'ok') {
      holds.forEach(({ key }, i) => {
        const stored = answer.value[i]?.stored;
        if (stored !== undefined) this.#parts.holdReplica.apply(key, stored);
      });
    }
    return answer;
  }

  #forget(key: HoldKey): void {
    this.#parts.holdReplica.forget(key);
    this.#announce(key);
  }

  /** Announces and logs a hold that began, changed or ended, once, and arms the timer for the next expiry. */
  #announce(key: HoldKey): void {
    const [hold, announced] = [this.on(key), this.#announced.get(key)];
    if (hold?.version === announced?.version) return;
    if (hold === undefined) this.#announced.delete(key);
    else this.#announced.set(key, hold);
    if ((hold ?? announced)?.until !== null) this.#armTimer();
    if (hold === undefined) logEnding(this.#options, key, this.#parts.holdReplica.get(key));
    else logBeginning(this.#options, key, hold);
    this.#parts.changed(key);
  }

  #armTimer(): void {
    this.#timer?.cancel();
    let first = Infinity;
    for (const { until } of this.#announced.values()) first = Math.min(first, until ?? Infinity);
    if (first === Infinity) return;
    const delayMs = (first - this.#parts.now()) / 1000;
    this.#timer = this.#options.clock.setTimer(Math.min(Math.max(1, Math.ceil(delayMs)), MAX_TIMER_MS), () => {
      for (const key of Array.from(this.#announced.keys())) this.#announce(key);
      this.#armTimer();
    });
  }
}

function isLongOver({ kind, until, version }: Hold, now: StoreTime): boolean {
  const ended = kind === 'none' ? version : until;
  return ended !== null && Math.max(ended, version) < now - ENDED_KEPT_MS * 1000;
}
