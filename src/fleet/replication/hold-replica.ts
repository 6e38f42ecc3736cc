import type { StoreTime } from '../../health/index.ts';
import { PROBING } from '../../ports/index.ts';
import type { Hold, HoldKey, KeyedHold, StoredHold } from '../../ports/index.ts';

/** Reports of the replica of holds. */
export interface HoldListener {
  changed(key: HoldKey): void;
  /** The stored hold on this key does not parse; reported once per stored value. */
  quarantined(key: HoldKey, shown: string): void;
}

/**
 * This pod's copy of the fleet's holds, including ended ones. The higher version wins, from any source and in any
 * order.
 */
export class HoldReplica {
  readonly #holds = new Map<HoldKey, Hold>();
  readonly #quarantined = new Set<HoldKey>();
  #unstored: HoldKey[] = [];
  #listener: HoldListener | undefined;

  listen(listener: HoldListener): void {
    this.#listener = listener;
  }

  apply(key: HoldKey, stored: StoredHold): void {
    if (stored.kind === 'garbage') {
      // The known hold stays, because unreadable data is no decision.
      if (this.#quarantined.has(key)) return;
      this.#quarantined.add(key);
      this.#listener?.quarantined(key, stored.shown);
      return;
    }
    this.#quarantined.delete(key);
    if (stored.hold.version <= (this.#holds.get(key)?.version ?? 0)) return;
    this.#holds.set(key, stored.hold);
    this.#listener?.changed(key);
  }

  /** Takes all holds of the store and notes missing ones. Holds are never removed silently, so the store lost them. */
  read(holds: readonly KeyedHold[]): void {
    const versions = new Map(holds.map(({ key, stored }) => [key, versionOf(stored)]));
    for (const { key, stored } of holds) this.apply(key, stored);
    this.#unstored = [...this.#holds]
      .filter(([key, { version }]) => version > (versions.get(key) ?? 0))
      .map(([key]) => key);
  }

  /** Holds that the last read did not contain. */
  unstored(): [HoldKey, Hold][] {
    return this.#unstored.flatMap((key) => {
      const hold = this.#holds.get(key);
      return hold === undefined ? [] : [[key, hold]];
    });
  }

  get(key: HoldKey): Hold | undefined {
    return this.#holds.get(key);
  }

  /** The hold on a key, unless it has ended or expired. */
  inForce(key: HoldKey, now: StoreTime): Hold | undefined {
    const hold = this.#holds.get(key);
    return hold !== undefined && isInForce(hold, now) ? hold : undefined;
  }

  get probing(): Hold | undefined {
    return this.#holds.get(PROBING);
  }

  all(): [HoldKey, Hold][] {
    return [...this.#holds];
  }

  forget(key: HoldKey): void {
    this.#holds.delete(key);
  }
}

/** True if a hold has neither ended nor expired. */
export function isInForce({ kind, until }: Hold, now: StoreTime): boolean {
  return kind !== 'none' && (until === null || until > now);
}

function versionOf(stored: StoredHold): number {
  return stored.kind === 'hold' ? stored.hold.version : 0;
}
