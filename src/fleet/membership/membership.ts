import { reaches } from '../../health/index.ts';
import type { AblePod, HostId, Level, Peer, PodId, TargetId } from '../../health/index.ts';
import { ALL_TARGETS } from '../../ports/index.ts';
import type { MemberInfo, Timer } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { ProbeSetting } from './target-list-entry.ts';
import type { Heartbeat } from './heartbeat.ts';
import { TargetLists } from './target-lists.ts';
import { PolicyMismatchLog } from './policy-mismatch-log.ts';
import type { FleetOptions } from '../options.ts';

const HEARTBEAT_MS = 3_000;
/** A pod that is new brings its list right after its first heartbeat: look for it again before the next of ours is due. */
const LIST_RETRY_MS = 500;

/** As many are named, and one more shows that there are others. */
const MOST_PEERS = 4;

/** Who reacts to changes. */
export interface MembershipListener {
  /** Another pod lives, or is gone, or can probe other targets than before. */
  readonly changed: () => void;
  /** A heartbeat was sent: time has passed. */
  readonly tick: () => void;
}

/** Other pods that can look at a target. */
interface AbleOthers {
  readonly pods: readonly AblePod[];
  readonly ids: readonly PodId[];
  /** One of them looks on schedule. */
  readonly scheduled: boolean;
}

/** Who else lives, and what they can look at. Keeps the last list while the store is away. */
export class Membership {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #changed: () => void;
  readonly #lists: TargetLists;
  readonly #policies: PolicyMismatchLog;
  /** Heartbeats so far, and the one that `#members` is from. */
  #sent = 0;
  #updatedBy = 0;
  #members: readonly MemberInfo[] = [];
  #signature = '';
  /** The answer that all below was made of, and this pod's targets then. */
  #answered: readonly MemberInfo[] | undefined;
  #targets: FleetOptions['targets'] | undefined;
  /** Other members that can look at targets now, and the prints that they show. */
  #ablePods: readonly MemberInfo[] = [];
  #ableHashes: readonly string[] = [];
  /** Targets that one of them cannot look at. */
  #impeded: ReadonlySet<TargetId> = new Set();
  /** Other able pods by target. */
  #others = new Map<string, AbleOthers>();
  /** Members that doubt what they see of some target. */
  #doubting: readonly MemberInfo[] = [];
  #timer: Timer | undefined;
  #stopped = false;
  readonly #heartbeat: Heartbeat;
  readonly #tick: () => void;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker, heartbeat: Heartbeat, on: MembershipListener) {
    this.#options = options;
    this.#circuit = circuit;
    this.#lists = new TargetLists(options, circuit);
    this.#policies = new PolicyMismatchLog(options);
    this.#changed = on.changed;
    this.#tick = on.tick;
    this.#heartbeat = heartbeat;
  }

  /** Live members, this pod included, in the order of their ids; the last known ones while the store is away. */
  get members(): readonly MemberInfo[] {
    return this.#members;
  }

  /** Whether the store ever said who lives; before that, a pod cannot know that it is alone. */
  get known(): boolean {
    return this.#members.length > 0;
  }

  /** Other live pods that can look at `target` now: those that may probe it, and see its failures for themselves. */
  eligible(target: TargetId): readonly AblePod[] {
    return this.#othersOf(target).pods;
  }

  /**
   * Hosts of which all other live pods doubt what they see of `target`: they are no witnesses of its failures. A pod beside
   * them that does not doubt may be the witness, so its host is none of them.
   */
  failingAlone(target: TargetId): readonly HostId[] {
    const failsAlone = (member: MemberInfo): boolean => member.pod !== this.#options.pod && isDoubtful(member, target);
    const hosts = this.#doubting.filter(failsAlone).map(({ host }) => host);
    return hosts.filter((host) => this.#members.every((member) => member.host !== host || failsAlone(member)));
  }

  /** Whether another live pod is set to look at `target` as deep as that, whether or not it can now. */
  isSetTo(target: TargetId, level: Level): boolean {
    return this.#members.some(({ pod, targetsHash }) => {
      const look = pod === this.#options.pod ? undefined : this.#lists.settingOf(targetsHash, target);
      return look !== undefined && reaches(look.level, level);
    });
  }

  /** Some other live pods that have `target`, on other hosts than `but`: enough to name them. */
  peers(target: TargetId, but: HostId): readonly Peer[] {
    const found: Peer[] = [];
    for (const member of this.#members) {
      if (found.length >= MOST_PEERS) break;
      const { pod, host, targetsHash } = member;
      const other = pod !== this.#options.pod && host !== but;
      const look = other ? this.#lists.settingOf(targetsHash, target) : undefined;
      const hindrance = look && this.#hindranceOf(member, target, look);
      if (look) found.push({ pod, host, level: look.level, ...(hindrance && { hindrance }) });
    }
    return found;
  }

  #hindranceOf(member: MemberInfo, target: TargetId, { background }: ProbeSetting): Peer['hindrance'] {
    if (member.impaired) return 'impaired';
    if (isDoubtful(member, target)) return 'fails-alone';
    if (isUnable(member, target)) return 'blind';
    return background ? undefined : 'on-demand-only';
  }

  /** Whether a live pod said that it doubts what it sees of `target`. */
  isDoubting(pod: PodId, target: TargetId): boolean {
    return this.#doubting.some((member) => member.pod === pod && isDoubtful(member, target));
  }

  /** Whether another live pod looks at `target` on schedule. */
  isScheduledElsewhere(target: TargetId): boolean {
    return this.#othersOf(target).scheduled;
  }

  /** Whether a live pod has `target` in its list; undefined while it is not known what all of them have. */
  isListed(target: TargetId): boolean | undefined {
    const hashes = new Set(this.#members.map(({ targetsHash }) => targetsHash));
    if (hashes.size === 0 || !Array.from(hashes).every((hash) => this.#lists.has(hash))) return undefined;
    return Array.from(hashes).some((hash) => this.#lists.settingOf(hash, target) !== undefined);
  }

  /** Ids of the able ones. */
  otherEligibleIds(target: TargetId): readonly PodId[] {
    return this.#othersOf(target).ids;
  }

  set impaired(impaired: boolean) {
    if (impaired === this.#heartbeat.impaired) return;
    this.#heartbeat.impaired = impaired;
    this.beat();
  }

  /** What this pod can look at changed: the others are to know soon, and many changes at once are one heartbeat. */
  abilityChanged(): void {
    if (!this.#stopped && this.#heartbeat.isOutdated) this.#beatAfter(LIST_RETRY_MS / 5);
  }

  /** Says "alive" now and from then on. */
  beat(): void {
    if (this.#stopped) return;
    this.#beatAfter(HEARTBEAT_MS);
    this.#tick();
    void this.#send();
  }

  async leave(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#circuit.call('heartbeat', (store, notAfter) => store.leave({ pod: this.#options.pod, notAfter }));
  }

  #beatAfter(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(delayMs, () => this.beat());
  }

  async #send(): Promise<void> {
    this.#sent += 1;
    const number = this.#sent;
    const answer = await this.#circuit.call(
      'heartbeat',
      async (store, notAfter) => await this.#heartbeat.send(store, notAfter),
    );
    if (answer.kind !== 'ok' || this.#stopped) return;
    const { members, targets } = answer.value;
    if (targets === 'unknown') void this.#lists.upload();
    // Nothing came, went or changed: a thousand members cost as little as one.
    const same = members === this.#answered && this.#options.targets === this.#targets;
    if (same && !this.#lists.incomplete) return;
    const lists = await this.#lists.update(members);
    // Reading lists takes a while: what a heartbeat sent later has told meanwhile is newer.
    if (this.#stopped || number < this.#updatedBy) return;
    this.#updatedBy = number;
    if (lists === 'retry-soon') this.#beatAfter(LIST_RETRY_MS);
    this.#update(members);
  }

  #update(members: readonly MemberInfo[]): void {
    const before = this.#signature;
    const { targets, targetsHash, pod } = this.#options;
    [this.#answered, this.#targets, this.#members] = [members, targets, members];
    this.#signature = members.map((member) => this.#signatureOf(member)).join();
    this.#others = new Map();
    this.#ablePods = members.filter(
      (member) => member.pod !== pod && !member.impaired && !isUnable(member, ALL_TARGETS),
    );
    this.#ableHashes = [...new Set([targetsHash, ...this.#ablePods.map((member) => member.targetsHash)])];
    this.#impeded = new Set(this.#ablePods.flatMap(({ blind, unreached }) => [...blind, ...unreached]));
    this.#doubting = members.filter(({ impaired, unreached }) => impaired || unreached.length > 0);
    this.#policies.check(members);
    if (this.#signature !== before) this.#changed();
  }

  /** All that `able` depends on. */
  #signatureOf({ pod, impaired, targetsHash, host, domain, blind, unreached }: MemberInfo): string {
    const lists = `${blind.join('+')} ${unreached.join('+')}`;
    return `${pod} ${targetsHash} ${impaired} ${this.#lists.has(targetsHash)} ${host} ${domain} ${lists}`;
  }

  /** Thousands of targets share one list: those that all pods look at alike. */
  #othersOf(target: TargetId): AbleOthers {
    const key = this.#impeded.has(target)
      ? target
      : this.#ableHashes.map((hash) => this.#settingKey(hash, target)).join();
    let others = this.#others.get(key);
    if (others === undefined) {
      others = this.#ableOthers(target);
      this.#others.set(key, others);
    }
    return others;
  }

  #settingKey(hash: string, target: TargetId): string {
    const look = this.#lists.settingOf(hash, target);
    return look === undefined ? '-' : `*${look.level} ${look.background}`;
  }

  /** Those that look on schedule; where no pod does, those that look when somebody asks. */
  #ableOthers(target: TargetId): AbleOthers {
    const others = this.#ablePods.flatMap((member) => this.#ableTo(member, target));
    const scheduled = others.filter(({ background }) => background);
    const own = this.#lists.settingOf(this.#options.targetsHash, target);
    const eligible = scheduled.length > 0 || own?.background === true ? scheduled : others;
    const pods = eligible.map(({ pod, host, domain, level }) => ({ pod, host, domain, level }));
    return { pods, ids: pods.map(({ pod }) => pod), scheduled: scheduled.length > 0 };
  }

  #ableTo(member: MemberInfo, target: TargetId): (AblePod & ProbeSetting)[] {
    const { pod, targetsHash, host, domain } = member;
    const look = isUnable(member, target) ? undefined : this.#lists.settingOf(targetsHash, target);
    return look === undefined ? [] : [{ pod, host, domain, level: look.level, background: look.background }];
  }
}

function isDoubtful({ impaired, unreached }: MemberInfo, target: TargetId): boolean {
  return impaired || unreached.includes(target) || unreached.includes(ALL_TARGETS);
}

function isUnable({ blind, unreached }: MemberInfo, target: TargetId): boolean {
  return [blind, unreached].some((ids) => ids.includes(target) || ids.includes(ALL_TARGETS));
}
