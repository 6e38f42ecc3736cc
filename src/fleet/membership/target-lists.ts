import { counted } from '../../health/index.ts';
import type { TargetId } from '../../health/index.ts';
import { MAX_PIECE } from '../../ports/index.ts';
import type { MemberInfo, StoreAnswer, TargetsPiece } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import { targetListEntry, parseTargetListEntry } from './target-list-entry.ts';
import type { ProbeSetting } from './target-list-entry.ts';
import type { FleetOptions } from '../options.ts';
import { hash } from './rank.ts';
import { targetIndexOf } from '../target-index.ts';

/** How pods look at each target that they know. */
type TargetList = ReadonlyMap<TargetId, ProbeSetting>;

/**
 * Which targets the other pods know, whether they probe them, and how deep, by the listHash that they show: a heartbeat
 * carries the listHash alone, and the list travels once. Kept for as long as a member shows the listHash.
 */
export class TargetLists {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #known = new Map<string, TargetList>();
  /** Prints whose lists the store did not have when they were first asked for. */
  readonly #missing = new Set<string>();
  #uploading = false;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker) {
    this.#options = options;
    this.#circuit = circuit;
  }

  /** Whether the store did not have some list yet. */
  get incomplete(): boolean {
    return this.#missing.size > 0;
  }

  /** Whether it is known what pods that show `listHash` know. */
  has(listHash: string): boolean {
    return listHash === this.#options.targetsHash || this.#known.has(listHash);
  }

  /** How pods that show `listHash` look at the target; undefined where they do not know it, or their list is not known yet. */
  settingOf(listHash: string, target: TargetId): ProbeSetting | undefined {
    return (listHash === this.#options.targetsHash ? targetIndexOf(this.#options) : this.#known.get(listHash))?.get(
      target,
    );
  }

  /**
   * Brings this pod's list to the store, in pieces, until the store has all of it. Each pod begins somewhere else, so
   * that pods which start together share the work.
   */
  async upload(): Promise<void> {
    if (this.#uploading) return;
    this.#uploading = true;
    const { pod, targetsHash, targets } = this.#options;
    const ids = targets.map((target) => targetListEntry(target)).toSorted();
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
    this.#uploading = false;
  }

  /**
   * Reads the lists that members show and forgets those that nobody shows any more. Answers whether the store did not
   * have a list that was asked for the first time: its pod is about to bring it.
   */
  async update(members: readonly MemberInfo[]): Promise<'all' | 'retry-soon'> {
    const shown = new Set(members.map(({ targetsHash }) => targetsHash));
    for (const lists of [this.#known, this.#missing]) {
      for (const listHash of Array.from(lists.keys())) if (!shown.has(listHash)) lists.delete(listHash);
    }
    let newlyMissing = false;
    for (const listHash of shown) {
      if (this.has(listHash)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one list per configuration in the fleet: two while a deploy rolls
      const list = await this.#read(listHash);
      if (list === undefined) {
        newlyMissing ||= !this.#missing.has(listHash);
        this.#missing.add(listHash);
      } else this.#keep(listHash, list, members);
    }
    return newlyMissing ? 'retry-soon' : 'all';
  }

  #keep(listHash: string, list: TargetList, members: readonly MemberInfo[]): void {
    this.#missing.delete(listHash);
    this.#known.set(listHash, list);
    const pods = members.filter(({ targetsHash }) => targetsHash === listHash).map(({ pod }) => pod);
    this.#options.logger.debug(
      `Other pods have a different target list: ${pods.join(', ')}: ${list.size} targets, hash ${listHash}`,
    );
  }

  async #read(listHash: string): Promise<TargetList | undefined> {
    const list = new Map<TargetId, ProbeSetting>();
    let pieces = 1;
    for (let piece = 0; piece < pieces; piece += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the first piece tells how many there are; bounded answers
      const answer: StoreAnswer<TargetsPiece | null> = await this.#circuit.call('read-targets', (store) =>
        store.readTargets(listHash, piece),
      );
      if (answer.kind !== 'ok' || answer.value === null) return undefined;
      ({ pieces } = answer.value);
      for (const entry of answer.value.targets) list.set(...parseTargetListEntry(entry));
    }
    return list;
  }
}
