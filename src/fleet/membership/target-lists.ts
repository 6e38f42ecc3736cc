import { counted } from '../../health/index.ts';
import type { TargetId } from '../../health/index.ts';
import { MAX_PIECE, MOST_DIFFERENCES } from '../../ports/index.ts';
import type { ListDifference, MemberInfo, StoreAnswer, TargetsPiece } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import { targetListEntry, parseTargetListEntry } from './target-list-entry.ts';
import type { ProbeSetting } from './target-list-entry.ts';
import type { FleetOptions } from '../options.ts';
import { hash } from './rank.ts';
import { targetIndexOf } from '../target-index.ts';

/** Probe settings by target. */
type TargetList = ReadonlyMap<TargetId, ProbeSetting>;

/**
 * Target lists of the other pods, by hash. A heartbeat carries only the hash; the list is transferred once and kept for
 * as long as a member has that hash.
 */
export class TargetLists {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #known = new Map<string, TargetList>();
  /** Hashes whose lists the store lacked when they were first read. */
  readonly #missing = new Set<string>();
  #uploading = false;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker) {
    this.#options = options;
    this.#circuit = circuit;
  }

  /** True while the store lacks a list. */
  get incomplete(): boolean {
    return this.#missing.size > 0;
  }

  /** True if the list with this hash is known. */
  has(listHash: string): boolean {
    return listHash === this.#options.targetsHash || this.#known.has(listHash);
  }

  /** Probe setting of the target in the list with this hash; undefined if the list lacks it or is unknown. */
  settingOf(listHash: string, target: TargetId): ProbeSetting | undefined {
    return (listHash === this.#options.targetsHash ? targetIndexOf(this.#options) : this.#known.get(listHash))?.get(
      target,
    );
  }

  /** Targets that only one of this pod's list and the list with this hash has; undefined while it is unknown. */
  differenceTo(listHash: string): Omit<ListDifference, 'pod'> | undefined {
    const list = listHash === this.#options.targetsHash ? undefined : this.#known.get(listHash);
    if (list === undefined) return undefined;
    const own = targetIndexOf(this.#options);
    const lacks = this.#options.targets.flatMap(({ id }) => (list.has(id) ? [] : [id]));
    const extra = [...list.keys()].filter((id) => !own.has(id)).toSorted();
    return { lacks: lacks.slice(0, MOST_DIFFERENCES), extra: extra.slice(0, MOST_DIFFERENCES) };
  }

  /**
   * Uploads this pod's list in pieces until the store has all of it. Each pod starts at another piece, so that pods
   * that start together share the work.
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
   * Reads the lists of the members and drops those that no member has any more. Returns `retry-soon` if the store
   * lacked a list that was read for the first time: its pod is about to upload it.
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
      `Other pods have a different target list: ${pods.join(', ')}: ${counted(list.size, 'target')}, hash ${listHash}`,
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
