import type { PodId, StoreTime, TargetId } from '../health/index.ts';
import type { FleetStore, HeartbeatAnswer, MemberInfo, StoreAnswer, Timer } from '../ports/index.ts';
import type { StoreLink } from './link.ts';
import { TargetLists } from './membership-lists.ts';
import { ForeignPolicies } from './membership-policies.ts';
import type { FleetOptions } from './options.ts';

const HEARTBEAT_MS = 3_000;
/** A pod that is new brings its list right after its first heartbeat: look for it again before the next of ours is due. */
const SOON_MS = 500;
/** Three missed heartbeats and a bit: a slow pod is not a dead pod. */
const MEMBER_TTL_MS = 10_000;

/** Who else lives, and what they know. Keeps the last list while the store is away. */
export class Membership {
  readonly #options: FleetOptions;
  readonly #link: StoreLink;
  readonly #changed: () => void;
  readonly #lists: TargetLists;
  readonly #policies: ForeignPolicies;
  /** Heartbeats so far, and the one that `#members` is from. */
  #sent = 0;
  #learnt = 0;
  #members: readonly MemberInfo[] = [];
  #signature = '';
  #others = new Map<TargetId | '*', readonly PodId[]>();
  #timer: Timer | undefined;
  #impaired = false;
  #stopped = false;
  readonly #startedAt: number;
  readonly #tick: () => void;

  constructor(options: FleetOptions, link: StoreLink, on: { changed: () => void; tick: () => void }) {
    this.#options = options;
    this.#link = link;
    this.#lists = new TargetLists(options, link);
    this.#policies = new ForeignPolicies(options);
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
    this.#beatAfter(HEARTBEAT_MS);
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
    const { pod, version, policyPrint, targetsPrint } = this.#options;
    const info: MemberInfo = {
      pod,
      version,
      policyPrint,
      targetsPrint,
      startedAt: this.#startedAt,
      impaired: this.#impaired,
    };
    return await store.heartbeat({ info, ttlMs: MEMBER_TTL_MS, notAfter });
  }

  #beatAfter(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(delayMs, () => this.beat());
  }

  async #heartbeat(): Promise<void> {
    this.#sent += 1;
    const number = this.#sent;
    const answer = await this.#link.call('heartbeat', async (store, notAfter) => await this.command(store, notAfter));
    if (answer.kind !== 'ok' || this.#stopped) return;
    const { members, targets } = answer.value;
    if (targets === 'unknown') void this.#lists.bring();
    const lists = await this.#lists.learn(members);
    // Reading lists takes a while: what a heartbeat sent later has told meanwhile is newer.
    if (this.#stopped || number < this.#learnt) return;
    this.#learnt = number;
    if (lists === 'ask-again-soon') this.#beatAfter(SOON_MS);
    this.#learn(members.toSorted((a, b) => (a.pod < b.pod ? -1 : 1)));
  }

  #learn(members: readonly MemberInfo[]): void {
    const before = this.#signature;
    this.#members = members;
    this.#signature = members.map((member) => this.#signatureOf(member)).join();
    this.#resetOthers();
    this.#policies.look(members);
    if (this.#signature !== before) this.#changed();
  }

  /** All that `othersKnowing` depends on. */
  #signatureOf({ pod, impaired, targetsPrint }: MemberInfo): string {
    return `${pod} ${targetsPrint} ${impaired} ${this.#lists.has(targetsPrint)}`;
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
    return this.#lists.knows(targetsPrint, target);
  }
}
