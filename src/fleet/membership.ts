import type { PodId, StoreTime, TargetId } from '../health/index.ts';
import type { FleetStore, HeartbeatAnswer, MemberInfo, StoreAnswer, Timer } from '../ports/index.ts';
import type { StoreLink } from './link.ts';
import type { FleetOptions } from './options.ts';

const HEARTBEAT_MS = 3_000;
/** Three missed heartbeats and a bit: a slow pod is not a dead pod. */
const MEMBER_TTL_MS = 10_000;

/** Who else lives, and what they know. Keeps the last list while the store is away. */
export class Membership {
  readonly #options: FleetOptions;
  readonly #link: StoreLink;
  readonly #changed: () => void;
  readonly #lists = new Map<string, ReadonlySet<TargetId>>();
  #members: readonly MemberInfo[] = [];
  #others = new Map<TargetId | '*', readonly PodId[]>();
  #timer: Timer | undefined;
  #impaired = false;
  #stopped = false;
  readonly #startedAt: number;
  readonly #tick: () => void;

  constructor(options: FleetOptions, link: StoreLink, on: { changed: () => void; tick: () => void }) {
    this.#options = options;
    this.#link = link;
    this.#changed = on.changed;
    this.#tick = on.tick;
    this.#startedAt = options.clock.wallMs();
  }

  /** Live members, this pod included, in the order of their ids; the last known ones while the store is away. */
  get members(): readonly MemberInfo[] {
    return this.#members;
  }

  /** Whether the store ever said who lives; before that, a pod cannot know that it is alone. */
  get known(): boolean {
    return this.#members.length > 0;
  }

  /** Other live pods that know `target` and can see it: who may probe it, or bear witness. */
  othersKnowing(target: TargetId): readonly PodId[] {
    const uniform = this.#others.get('*');
    if (uniform !== undefined) return uniform;
    let others = this.#others.get(target);
    if (others === undefined) {
      others = this.#members.filter((member) => this.#knows(member, target)).map(({ pod }) => pod);
      this.#others.set(target, others);
    }
    return others;
  }

  set impaired(impaired: boolean) {
    if (impaired === this.#impaired) return;
    this.#impaired = impaired;
    this.beat();
  }

  /** Says "alive" now and from then on. */
  beat(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(HEARTBEAT_MS, () => this.beat());
    this.#tick();
    void this.#heartbeat();
  }

  async leave(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#link.call('heartbeat', (store, notAfter) => store.leave({ pod: this.#options.pod, notAfter }));
  }

  /** The heartbeat as a command to the store. */
  async command(store: FleetStore, notAfter: StoreTime): Promise<StoreAnswer<HeartbeatAnswer>> {
    const { pod, version, policyPrint, targetsPrint, targets } = this.#options;
    const info: MemberInfo = {
      pod,
      version,
      policyPrint,
      targetsPrint,
      startedAt: this.#startedAt,
      impaired: this.#impaired,
    };
    return await store.heartbeat({ info, ttlMs: MEMBER_TTL_MS, notAfter, targets: targets.map(({ id }) => id) });
  }

  async #heartbeat(): Promise<void> {
    const answer = await this.#link.call('heartbeat', async (store, notAfter) => await this.command(store, notAfter));
    if (answer.kind !== 'ok' || this.#stopped) return;
    const members = answer.value.members.toSorted((a, b) => (a.pod < b.pod ? -1 : 1));
    await this.#learnLists(members);
    const before = this.#members.map(signature).join();
    this.#members = members;
    this.#resetOthers();
    if (members.map(signature).join() !== before) this.#changed();
  }

  async #learnLists(members: readonly MemberInfo[]): Promise<void> {
    const own = this.#options.targetsPrint;
    for (const print of new Set(members.map(({ targetsPrint }) => targetsPrint))) {
      if (print === own || this.#lists.has(print)) continue;
      // oxlint-disable-next-line no-await-in-loop -- one list per configuration in the fleet: two while a deploy rolls
      const answer = await this.#link.call('read-targets', (store) => store.readTargets(print));
      if (answer.kind === 'ok' && answer.value !== null) this.#lists.set(print, new Set(answer.value));
    }
  }

  #resetOthers(): void {
    const { pod, targetsPrint } = this.#options;
    this.#others = new Map();
    if (this.#members.every((member) => member.targetsPrint === targetsPrint)) {
      this.#others.set(
        '*',
        this.#members.filter((member) => member.pod !== pod && !member.impaired).map((member) => member.pod),
      );
    }
  }

  #knows({ pod, impaired, targetsPrint }: MemberInfo, target: TargetId): boolean {
    if (pod === this.#options.pod || impaired) return false;
    return targetsPrint === this.#options.targetsPrint || (this.#lists.get(targetsPrint)?.has(target) ?? false);
  }
}

function signature({ pod, impaired, targetsPrint }: MemberInfo): string {
  return `${pod} ${targetsPrint} ${impaired}`;
}
