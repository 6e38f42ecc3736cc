import { reaches } from '../../health/index.ts';
import type { AblePod, HostId, Level, Peer, PodId, TargetId } from '../../health/index.ts';
import { ALL_TARGETS } from '../../ports/index.ts';
import type { ListDifference, MemberInfo, Timer } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { ProbeSetting } from './target-list-entry.ts';
import type { Heartbeat } from './heartbeat.ts';
import { TargetLists } from './target-lists.ts';
import { DepartureLog } from './departure-log.ts';
import { PolicyMismatchLog } from './policy-mismatch-log.ts';
import type { FleetOptions } from '../options.ts';

const HEARTBEAT_MS = 3_000;
/** Retry interval for a list that the store lacks: a new pod uploads its list right after its first heartbeat. */
const LIST_RETRY_MS = 500;

/** Number of pods named in a verdict, and one more to show that there are others. */
const MOST_PEERS = 4;

/** Reactions to changes of the membership. */
export interface MembershipListener {
  /** A pod joined or left, or can probe other targets than before. */
  readonly changed: () => void;
  /** A heartbeat was sent. */
  readonly tick: () => void;
}

/** Other pods that can probe a target. */
interface AbleOthers {
  readonly pods: readonly AblePod[];
  readonly ids: readonly PodId[];
  /** One of them probes on schedule. */
  readonly scheduled: boolean;
}

/** The other live pods and what they can probe. While the store is away it keeps the last list. */
export class Membership {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #changed: () => void;
  readonly #lists: TargetLists;
  readonly #policies: PolicyMismatchLog;
  readonly #departures: DepartureLog;
  /** Number of heartbeats sent, and the number of the one that returned `#members`. */
  #sent = 0;
  #updatedBy = 0;
  #members: readonly MemberInfo[] = [];
  #signature = '';
  /** The answer that the fields below were computed from, and this pod's targets then. */
  #answered: readonly MemberInfo[] | undefined;
  #targets: FleetOptions['targets'] | undefined;
  /** Other members that can probe now, and the hashes of their target lists. */
  #ablePods: readonly MemberInfo[] = [];
  #ableHashes: readonly string[] = [];
  /** Targets that one of them cannot probe. */
  #impeded: ReadonlySet<TargetId> = new Set();
  /** Other able pods by target. */
  #others = new Map<string, AbleOthers>();
  /** Members that fail to reach some target that other pods reach. */
  #failingMembers: readonly MemberInfo[] = [];
  #differences: readonly ListDifference[] = [];
  #timer: Timer | undefined;
  #stopped = false;
  readonly #heartbeat: Heartbeat;
  readonly #tick: () => void;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker, heartbeat: Heartbeat, on: MembershipListener) {
    this.#options = options;
    this.#circuit = circuit;
    this.#lists = new TargetLists(options, circuit);
    this.#policies = new PolicyMismatchLog(options);
    this.#departures = new DepartureLog(options);
    this.#changed = on.changed;
    this.#tick = on.tick;
    this.#heartbeat = heartbeat;
  }

  /** Live members, this pod included, ordered by id; the last known ones while the store is away. */
  get members(): readonly MemberInfo[] {
    return this.#members;
  }

  /** Members whose list of targets differs from this pod's. */
  get listDifferences(): readonly ListDifference[] {
    return this.#differences;
  }

  /**
   * True if this pod is the one that warns of a change by evidence of pod `by`, so that the fleet warns once: `by` itself while
   * it lives, else the first live pod.
   */
  isReporter(by: PodId | undefined): boolean {
    const first = this.#members[0]?.pod ?? this.#options.pod;
    const reporter = this.#members.some(({ pod }) => pod === by) ? by : first;
    return reporter === this.#options.pod;
  }

  /** True once the store has returned the members. Before that a pod cannot know whether it is alone. */
  get known(): boolean {
    return this.#members.length > 0;
  }

  /** Other live pods that can probe `target` now. */
  ablePods(target: TargetId): readonly AblePod[] {
    return this.#othersOf(target).pods;
  }

  /**
   * Hosts whose pods, this one aside, all fail to reach `target` while other pods do: such hosts are no witnesses of
   * its failures. A host with a pod that reaches it is not included, because that pod may be the witness.
   */
  failingAlone(target: TargetId): readonly HostId[] {
    const failsAlone = (member: MemberInfo): boolean =>
      member.pod !== this.#options.pod && isFailingAlone(member, target);
    const hosts = this.#failingMembers.filter(failsAlone).map(({ host }) => host);
    return hosts.filter((host) => this.#members.every((member) => member.host !== host || failsAlone(member)));
  }

  /** True if another live pod is configured to probe `target` at this level or deeper, even if it cannot now. */
  isSetTo(target: TargetId, level: Level): boolean {
    return this.#members.some(({ pod, targetsHash }) => {
      const setting = pod === this.#options.pod ? undefined : this.#lists.settingOf(targetsHash, target);
      return setting !== undefined && reaches(setting.level, level);
    });
  }

  /** A few other live pods that have `target`, on other hosts than `excludedHost`, to be named in a verdict. */
  peers(target: TargetId, excludedHost: HostId): readonly Peer[] {
    const found: Peer[] = [];
    for (const member of this.#members) {
      if (found.length >= MOST_PEERS) break;
      const { pod, host, targetsHash } = member;
      const other = pod !== this.#options.pod && host !== excludedHost;
      const setting = other ? this.#lists.settingOf(targetsHash, target) : undefined;
      const hindrance = setting && this.#hindranceOf(member, target, setting);
      if (setting) found.push({ pod, host, level: setting.level, ...(hindrance && { hindrance }) });
    }
    return found;
  }

  #hindranceOf(member: MemberInfo, target: TargetId, { background }: ProbeSetting): Peer['hindrance'] {
    if (member.impaired) return 'impaired';
    if (isFailingAlone(member, target)) return 'fails-alone';
    if (isUnable(member, target)) return 'blind';
    return background ? undefined : 'on-demand-only';
  }

  /** True if a live pod reported that only it fails to reach `target`. */
  failsAlone(pod: PodId, target: TargetId): boolean {
    return this.#failingMembers.some((member) => member.pod === pod && isFailingAlone(member, target));
  }

  /** True if another live pod probes `target` on schedule. */
  isScheduledElsewhere(target: TargetId): boolean {
    return this.#othersOf(target).scheduled;
  }

  /** True if a live pod has `target` in its list; undefined while a list is unknown. */
  isListed(target: TargetId): boolean | undefined {
    const hashes = new Set(this.#members.map(({ targetsHash }) => targetsHash));
    if (hashes.size === 0 || !Array.from(hashes).every((hash) => this.#lists.has(hash))) return undefined;
    return Array.from(hashes).some((hash) => this.#lists.settingOf(hash, target) !== undefined);
  }

  /** Ids of the other pods that can probe `target` now. */
  otherAbleIds(target: TargetId): readonly PodId[] {
    return this.#othersOf(target).ids;
  }

  set impaired(impaired: boolean) {
    if (impaired === this.#heartbeat.impaired) return;
    this.#heartbeat.impaired = impaired;
    this.beat();
  }

  /** The targets that this pod can probe have changed: sends a heartbeat soon. Many changes share one heartbeat. */
  abilityChanged(): void {
    if (!this.#stopped && this.#heartbeat.isOutdated) this.#beatAfter(LIST_RETRY_MS / 5);
  }

  /** Sends a heartbeat now and then regularly. */
  beat(): void {
    if (this.#stopped) return;
    this.#beatAfter(HEARTBEAT_MS);
    this.#tick();
    void this.#send();
  }

  async leave(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#departures.stop();
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
    // An unchanged answer needs no work, however many members there are.
    const same = members === this.#answered && this.#options.targets === this.#targets;
    if (same && !this.#lists.incomplete) return;
    const lists = await this.#lists.update(members);
    // Reading lists takes time. The answer to a later heartbeat is newer.
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
    this.#failingMembers = members.filter(({ impaired, unreached }) => impaired || unreached.length > 0);
    const byHash = new Map(members.map(({ targetsHash: other }) => [other, this.#lists.differenceTo(other)]));
    this.#differences = members.flatMap((member) => {
      const difference = byHash.get(member.targetsHash);
      const isEqual = difference === undefined || difference.lacks.length + difference.extra.length === 0;
      return isEqual ? [] : [{ pod: member.pod, ...difference }];
    });
    this.#policies.check(members);
    this.#departures.check(members);
    if (this.#signature !== before) this.#changed();
  }

  /** Every field that `eligible` depends on. */
  #signatureOf({ pod, impaired, targetsHash, host, domain, blind, unreached }: MemberInfo): string {
    const lists = `${blind.join('+')} ${unreached.join('+')}`;
    return `${pod} ${targetsHash} ${impaired} ${this.#lists.has(targetsHash)} ${host} ${domain} ${lists}`;
  }

  /** Pods that can probe a target. Targets that all pods probe alike share one cached list. */
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
    const setting = this.#lists.settingOf(hash, target);
    return setting === undefined ? '-' : `*${setting.level} ${setting.background}`;
  }

  /** Pods that probe on schedule; if there are none, those that probe on demand. */
  #ableOthers(target: TargetId): AbleOthers {
    const others = this.#ablePods.flatMap((member) => this.#ableTo(member, target));
    const scheduled = others.filter(({ background }) => background);
    const own = this.#lists.settingOf(this.#options.targetsHash, target);
    const ablePods = scheduled.length > 0 || own?.background === true ? scheduled : others;
    const pods = ablePods.map(({ pod, host, domain, level }) => ({ pod, host, domain, level }));
    return { pods, ids: pods.map(({ pod }) => pod), scheduled: scheduled.length > 0 };
  }

  #ableTo(member: MemberInfo, target: TargetId): (AblePod & ProbeSetting)[] {
    const { pod, targetsHash, host, domain } = member;
    const setting = isUnable(member, target) ? undefined : this.#lists.settingOf(targetsHash, target);
    return setting === undefined ? [] : [{ pod, host, domain, level: setting.level, background: setting.background }];
  }
}

function isFailingAlone({ impaired, unreached }: MemberInfo, target: TargetId): boolean {
  return impaired || unreached.includes(target) || unreached.includes(ALL_TARGETS);
}

function isUnable({ blind, unreached }: MemberInfo, target: TargetId): boolean {
  return [blind, unreached].some((ids) => ids.includes(target) || ids.includes(ALL_TARGETS));
}
