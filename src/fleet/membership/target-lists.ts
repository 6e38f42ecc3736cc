import { counted } from '../../health/index.ts';
import type { TargetId } from '../../health/index.ts';
import { MAX_PIECE } from '../../ports/index.ts';
import type { MemberInfo, StoreAnswer, TargetsPiece } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import { ableEntry, ableFrom } from './target-list-entry.ts';
import type { ProbeSetting } from './target-list-entry.ts';
import type { FleetOptions } from '../options.ts';
import { hash } from './rank.ts';
import { targetIndexOf } from '../target-index.ts';

/** How pods look at each target that they know. */
type TargetList = ReadonlyMap<TargetId, ProbeSetting>;

/**
 * Which targets the other pods know, whether they probe them, and how deep, by the print that they show: a heartbeat
 * carries the print alone, and the list travels once. Kept for as long as a member shows the print.
 */
export class TargetLists {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #known = new Map<string, TargetList>();
  /** Prints whose lists the store did not have when they were first asked for. */
  readonly #missing = new Set<string>();
  #bringing = false;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker) {
    this.#options = options;
    this.#circuit = circuit;
  }

  /** Whether the store did not have some list yet. */
  get incomplete(): boolean {
    return this.#missing.size > 0;
  }

  /** Whether it is known what pods that show `print` know. */
  has(targetsHash: string): boolean {
    return targetsHash === this.#options.targetsHash || this.#known.has(targetsHash);
  }

  /** How pods that show `print` look at the target; undefined where they do not know it, or their list is not known yet. */
  lookOf(targetsHash: string, target: TargetId): ProbeSetting | undefined {
    return (
      targetsHash === this.#options.targetsHash ? targetIndexOf(this.#options) : this.#known.get(targetsHash)
    )?.get(target);
  }

  /**
   * Brings this pod's list to the store, in pieces, until the store has all of it. Each pod begins somewhere else, so
   * that pods which start together share the work.
   */
  async bring(): Promise<void> {
    if (this.#bringing) return;
    this.#bringing = true;
    const { pod, targetsHash, targets } = this.#options;
    const ids = targets.map((target) => ableEntry(target)).toSorted();
    const pieces = Math.max(1, Math.ceil(ids.length / MAX_PIECE));
    const first = hash(pod) % pieces;
    for (let i = 0; i < pieces; i += 1) {
      const piece = (first + i) % pieces;
      const part = ids.slice(piece * MAX_PIECE, (piece + 1) * MAX_PIECE);
      // oxlint-disable-next-line no-await-in-loop -- the next piece is not needed if another pod was faster
      const answer = await this.#circuit.call('write-targets', (store, notAfter) =>
        store.writeTargets({ pod, notAfter, targetsHash, piece, pieces, targets: part }),
      );
      if (answer.kind !== 'ok' || answer.value === 'known') break;
    }
    this.#bringing = false;
  }

  /**
   * Reads the lists that members show and forgets those that nobody shows any more. Answers whether the store did not
   * have a list that was asked for the first time: its pod is about to bring it.
   */
  async learn(members: readonly MemberInfo[]): Promise<'all' | 'ask-again-soon'> {
    const shown = new Set(members.map(({ targetsHash }) => targetsHash));
    for (const lists of [this.#known, this.#missing]) {
      for (const targetsHash of Array.from(lists.keys())) if (!shown.has(targetsHash)) lists.delete(targetsHash);
    }
    let newlyMissing = false;
    for (const targetsHash of shown) {
      if (this.has(targetsHash)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one list per configuration in the fleet: two while a deploy rolls
      const list = await this.#read(targetsHash);
      if (list === undefined) {
        newlyMissing ||= !this.#missing.has(targetsHash);
        this.#missing.add(targetsHash);
      } else this.#keep(targetsHash, list, members);
    }
    return newlyMissing ? 'ask-again-soon' : 'all';
  }

  #keep(targetsHash: string, list: TargetList, members: readonly MemberInfo[]): void {
    this.#missing.delete(targetsHash);
    this.#known.set(targetsHash, list);
    const pods = members.filter((one) => one.targetsHash === targetsHash).map(({ pod }) => pod);
    this.#options.logger.debug(
      `Other pods have a different target list: ${pods.join(', ')}: ${counted(list.size, 'target')}, hash ${targetsHash}`,
    );
  }

  async #read(targetsHash: string): Promise<TargetList | undefined> {
    const list = new Map<TargetId, ProbeSetting>();
    let pieces = 1;
    for (let piece = 0; piece < pieces; piece += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the first piece tells how many there are; bounded answers
      const answer: StoreAnswer<TargetsPiece | null> = await this.#circuit.call('read-targets', (store) =>
        store.readTargets(targetsHash, piece),
      );
      if (answer.kind !== 'ok' || answer.value === null) return undefined;
      ({ pieces } = answer.value);
      for (const entry of answer.value.targets) list.set(...ableFrom(entry));
    }
    return list;
  }
}
