import { counted } from '../../health/index.ts';
import type { StoreTime, TargetId, TargetRecord } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { SampledTarget, Timer } from '../../ports/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Incidents, StoreCircuitBreaker } from '../store/index.ts';
import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';
import { plainRankOf } from '../membership/index.ts';
import type { Replica } from '../replication/index.ts';

const SWEEP_MS = 600_000;
const SAMPLE_MS = 60_000;
const FIRST_SAMPLE_MS = 10_000;
/**
 * Threshold of foreign data. Records of a replaced model list stay for a day after a deploy, and are half of a sample.
 */
const FOREIGN_FROM = { names: 40, share: 0.6, removed: 1_000 } as const;
const KEPT_MS = 86_400_000;
const KEPT_INTERVALS = 10;
/** Samples per round: a day of rounds covers 10,000 targets, and 100,000 planted fields are gone within hours. */
const MIN_SAMPLES = 5;
const MAX_SAMPLES = 100;
/** Not a target: a name whose rank chooses the sweeping pod. */
const SWEEPER_NAME: TargetId = '@sweep';

/** Parts that the sweeper uses. */
export interface SweeperParts {
  readonly replica: Replica;
  readonly holds: Pick<Holds, 'sweep'>;
  readonly membership: Pick<Membership, 'isListed'>;
  readonly incidents: Pick<Incidents, 'foreignData'>;
  readonly others: () => readonly string[];
  readonly now: () => number;
}

/**
 * Deletes long-ended holds, targets that no pod has probed for a day or ten intervals, and other data of targets that
 * have no record and are in no pod's list. One pod does it; two at once do no harm.
 */
export class Sweeper {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #parts: SweeperParts;
  #timer: Timer | undefined;
  #sampleTimer: Timer | undefined;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker, parts: SweeperParts) {
    this.#options = options;
    this.#circuit = circuit;
    this.#parts = parts;
  }

  start(): void {
    const delayMs = SWEEP_MS * (0.5 + this.#options.random.next());
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      void this.sweep();
      this.start();
    });
    this.#sampleTimer ??= this.#sampleIn(FIRST_SAMPLE_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#sampleTimer?.cancel();
  }

  /** Takes one sample. If most of it belongs to unlisted targets, reports an incident and starts a round at once. */
  async sampleOnce(): Promise<void> {
    if (!this.#isMyTurn()) return;
    const { pod } = this.#options;
    const answer = await this.#circuit.call('sample', (store, notAfter) => store.sample({ pod, notAfter }));
    if (answer.kind !== 'ok') return;
    const { targets } = answer.value;
    const unlisted = targets.filter(({ target }) => this.#isUnlisted(target)).length;
    if (unlisted < FOREIGN_FROM.names || unlisted < targets.length * FOREIGN_FROM.share) return;
    this.#parts.incidents.foreignData(unlisted, targets.length);
    await this.sweep();
  }

  #sampleIn(delayMs: number): Timer {
    return this.#options.clock.setTimer(delayMs, () => {
      void this.sampleOnce();
      this.#sampleTimer = this.#sampleIn(SAMPLE_MS);
    });
  }

  #isMyTurn(): boolean {
    return plainRankOf(SWEEPER_NAME, this.#options.pod, this.#parts.others()) === 0;
  }

  /** One round, if it is this pod's turn: takes samples while they contain much that no pod needs. */
  async sweep(): Promise<void> {
    const { holds } = this.#parts;
    const { pod, logger } = this.#options;
    if (!this.#isMyTurn()) return;
    const removed = { old: 0, orphaned: 0, sampled: 0 };
    await holds.sweep();
    for (let samples = 1; samples <= MAX_SAMPLES; samples += 1) {
      // oxlint-disable-next-line no-await-in-loop -- bounded answers, one after another
      const answer = await this.#circuit.call('sample', (store, notAfter) => store.sample({ pod, notAfter }));
      if (answer.kind !== 'ok') break;
      // oxlint-disable-next-line no-await-in-loop -- as above
      await holds.sweep(answer.value.holds);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const [old, orphaned] = await this.#remove(answer.value.targets);
      removed.sampled += answer.value.targets.length;
      removed.old += old;
      removed.orphaned += orphaned;
      if (samples >= MIN_SAMPLES && old + orphaned === 0) break;
    }
    if (removed.old > 0) {
      logger.info(
        `Removed the records of ${counted(removed.old, 'target')}: no pod has probed them for more than a day`,
      );
    }
    if (removed.orphaned >= FOREIGN_FROM.removed) {
      this.#parts.incidents.foreignData(removed.orphaned, removed.sampled);
    }
    if (removed.orphaned > 0) {
      logger.info(
        `Removed leases, spend or history of ${counted(removed.orphaned, 'target')} without a record, in no pod's model list`,
      );
    }
  }

  /** Returns the number of targets that were too old, and of those with orphaned data. */
  async #remove(sampled: readonly SampledTarget[]): Promise<[old: number, orphaned: number]> {
    const { pod, targets } = this.#options;
    const longest = Math.max(0, ...targets.map(({ intervalMs }) => intervalMs));
    const oldest = this.#parts.now() - Math.max(KEPT_MS, KEPT_INTERVALS * longest) * 1000;
    const unneeded = sampled.filter((one) => this.#isUnneeded(one, oldest));
    const recorded = new Set(unneeded.flatMap(({ target, stored }) => (stored?.kind === 'record' ? [target] : [])));
    let old = 0;
    let orphaned = 0;
    for (let i = 0; i < unneeded.length; i += MAX_BATCH) {
      const records = unneeded.slice(i, i + MAX_BATCH).map(({ target, version }) => ({ target, version }));
      // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
      const answer = await this.#circuit.call('sweep', (store, notAfter) => store.sweep({ pod, notAfter, records }));
      if (answer.kind !== 'ok') break;
      for (const target of answer.value) {
        this.#parts.replica.forget(target);
        if (recorded.has(target)) old += 1;
        else orphaned += 1;
      }
    }
    return [old, orphaned];
  }

  /** True for a record that is too old, and for data of an unlisted target without a readable record. */
  #isUnneeded({ target, stored }: SampledTarget, oldest: StoreTime): boolean {
    if (stored?.kind === 'record') return newestProbeAt(stored.record) < oldest;
    return stored?.kind !== 'newer' && this.#isUnlisted(target);
  }

  /** True if all lists are known and none has the target. */
  #isUnlisted(target: TargetId): boolean {
    return this.#parts.membership.isListed(target) === false;
  }
}

/** Time of the newest probe or unbilled check, which does not refresh the evidence. */
function newestProbeAt({ evidenceAt, facts }: TargetRecord): StoreTime {
  return Math.max(evidenceAt, facts.last.at);
}
