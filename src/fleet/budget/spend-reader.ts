import type { StoreTime, TargetId } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { BudgetUse, DayTotals, FleetMoney, MoneyView, StoreMeta, TargetMoney, Timer } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions } from '../options.ts';

/**
 * Longest age of the sums while they are viewed, and interval of reads otherwise. Both grow with the number of targets.
 */
const VIEWED_MS = 5_000;
const IDLE_MS = 60_000;
const PER_TARGET_MS = { viewed: 10, idle: 50 } as const;

interface Read {
  readonly atMs: number;
  readonly asOf: StoreTime;
  readonly use: BudgetUse;
  readonly days: readonly DayTotals[];
  readonly targets: ReadonlyMap<TargetId, TargetMoney>;
}

/** Spend and savings as the store has them. They are read periodically, and again when a view finds them old. */
export class SpendReader {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #onRead: (money: FleetMoney, meta: StoreMeta) => void;
  #read: Read | undefined;
  #lostAt: StoreTime | null = null;
  #timer: Timer | undefined;
  #reading = false;
  #stopped = false;

  /** @param onRead called with each answer of the store */
  constructor(
    options: FleetOptions,
    circuit: StoreCircuitBreaker,
    onRead: (money: FleetMoney, meta: StoreMeta) => void,
  ) {
    this.#options = options;
    this.#circuit = circuit;
    this.#onRead = onRead;
  }

  /** The store answers again: its counts may differ. */
  synced(): void {
    void this.#refresh();
  }

  /** The store lost its data at this time, and with it all earlier sums. */
  dataLost(at: StoreTime): void {
    this.#lostAt = at;
  }

  /** The sums of the last read, without waiting. */
  view(): MoneyView {
    const paid = this.#options.targets.flatMap(({ id, paid: price }) => (price === undefined ? [] : [{ id, price }]));
    const maxAgeMs = Math.max(VIEWED_MS, paid.length * PER_TARGET_MS.viewed);
    const read = this.#read;
    if (read === undefined || this.#options.clock.monotonicMs() - read.atMs > maxAgeMs) void this.#refresh();
    return {
      asOf: read?.asOf ?? null,
      budget: this.#options.budget,
      use: read?.use ?? null,
      lostAt: this.#lostAt,
      days: read?.days ?? [],
      targets: paid.map(({ id, price: { worstNanoUsd, budget = {} } }) => {
        const money = read?.targets.get(id);
        return { target: id, worstNanoUsd, budget, use: money?.use ?? null, days: money?.days ?? [] };
      }),
    };
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #refresh(): Promise<void> {
    const ids = this.#options.targets.filter(({ paid }) => paid !== undefined).map(({ id }) => id);
    if (this.#reading || this.#stopped || ids.length === 0) return;
    this.#reading = true;
    await this.#readAll(ids);
    this.#reading = false;
    if (this.#stopped) return;
    this.#timer?.cancel();
    const idleMs = Math.max(IDLE_MS, ids.length * PER_TARGET_MS.idle);
    this.#timer = this.#options.clock.setTimer(idleMs, () => void this.#refresh());
  }

  async #readAll(ids: readonly TargetId[]): Promise<void> {
    const targets = new Map<TargetId, TargetMoney>();
    for (let i = 0; i < ids.length; i += MAX_BATCH) {
      const batch = ids.slice(i, i + MAX_BATCH);
      // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
      const answer = await this.#circuit.call('read-money', (store) => store.readMoney(batch));
      if (answer.kind !== 'ok') return;
      this.#onRead(answer.value, answer.meta);
      const { use, days } = answer.value;
      for (const money of answer.value.targets) targets.set(money.target, money);
      const atMs = this.#options.clock.monotonicMs();
      if (targets.size === ids.length) this.#read = { atMs, asOf: answer.meta.now, use, days, targets };
    }
  }
}
