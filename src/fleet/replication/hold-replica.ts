import type { StoreTime } from '../../health/index.ts';
import { PROBING } from '../../ports/index.ts';
import type { Hold, HoldKey, KeyedHold, StoredHold } from '../../ports/index.ts';

/** What the keeper of a book hears from it. */
export interface HoldListener {
  changed(place: HoldKey): void;
  /** What lies at this place cannot be obeyed; told once, until something else lies there. */
  setAside(place: HoldKey, shown: string): void;
}

/** This pod's copy of the fleet's holds, ended ones too. The higher version wins, whoever tells it, and in any order. */
export class HoldReplica {
  readonly #holds = new Map<HoldKey, Hold>();
  readonly #setAside = new Set<HoldKey>();
  #unstored: HoldKey[] = [];
  #listener: HoldListener | undefined;

  listen(listener: HoldListener): void {
    this.#listener = listener;
  }

  apply(place: HoldKey, stored: StoredHold): void {
    if (stored.kind === 'garbage') {
      // What this pod knew stays: garbage is nobody's decision.
      if (this.#setAside.has(place)) return;
      this.#setAside.add(place);
      this.#listener?.setAside(place, stored.shown);
      return;
    }
    this.#setAside.delete(place);
    if (stored.hold.version <= (this.#holds.get(place)?.version ?? 0)) return;
    this.#holds.set(place, stored.hold);
    this.#listener?.changed(place);
  }

  /** Takes in all that the store holds, and notes what it lacks. A hold never goes by itself, so that was lost. */
  read(holds: readonly KeyedHold[]): void {
    const versions = new Map(holds.map(({ place, stored }) => [place, versionOf(stored)]));
    for (const { place, stored } of holds) this.apply(place, stored);
    this.#unstored = [...this.#holds]
      .filter(([place, { version }]) => version > (versions.get(place) ?? 0))
      .map(([place]) => place);
  }

  /** What the store lacked when it was read last. */
  unstored(): [HoldKey, Hold][] {
    return this.#unstored.flatMap((place) => {
      const hold = this.#holds.get(place);
      return hold === undefined ? [] : [[place, hold]];
    });
  }

  get(place: HoldKey): Hold | undefined {
    return this.#holds.get(place);
  }

  /** The hold at a place, unless it has ended or expired. */
  inForce(place: HoldKey, now: StoreTime): Hold | undefined {
    const hold = this.#holds.get(place);
    return hold !== undefined && isInForce(hold, now) ? hold : undefined;
  }

  get probing(): Hold | undefined {
    return this.#holds.get(PROBING);
  }

  all(): [HoldKey, Hold][] {
    return [...this.#holds];
  }

  forget(place: HoldKey): void {
    this.#holds.delete(place);
  }
}

/** Whether a hold has neither ended nor expired. */
export function isInForce({ kind, until }: Hold, now: StoreTime): boolean {
  return kind !== 'none' && (until === null || until > now);
}

function versionOf(stored: StoredHold): number {
  return stored.kind === 'hold' ? stored.hold.version : 0;
}
