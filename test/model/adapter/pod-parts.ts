import { setImmediate } from 'node:timers/promises';
import { AblePods } from '../../../src/fleet/membership/able-pods.ts';
import { OwnAbility } from '../../../src/fleet/membership/own-ability.ts';
import type { SelfCheck } from '../../../src/fleet/evidence/self-check.ts';
import { Beliefs } from '../../../src/fleet/evidence/beliefs.ts';
import type { Belief } from '../../../src/fleet/evidence/beliefs.ts';
import type { FleetOptions, FleetTarget } from '../../../src/fleet/options.ts';
import { grantsPerInterval } from '../../../src/fleet/probing/claim-requests.ts';
import { planShared } from '../../../src/fleet/probing/planner.ts';
import type { Plan } from '../../../src/fleet/probing/planner.ts';
import type { Committer } from '../../../src/fleet/probing/committer.ts';
import { plainRankOf } from '../../../src/fleet/membership/rank.ts';
import type { Replica } from '../../../src/fleet/replication/replica.ts';
import type { Observation } from '../../../src/health/index.ts';
import type { ClaimAnswer, ClaimRequest, FleetStore } from '../../../src/ports/index.ts';
import { INTERVAL_MS, START_US } from '../model-state.ts';
import type { PodState } from '../model-state.ts';
import { committerOf } from './committer.ts';
import { selfCheckOf, saveSelfCheck } from './self-check-data.ts';
import { membershipOf } from './members.ts';
import type { MembersShown } from './members.ts';
import { FOREVER, LEASE_MS, optionsOf, TARGET, targetFor, replicaOf } from './settings.ts';
import type { Reply, Environment } from './environment.ts';

/** A commit takes a few dozen. */
const MOST_MICROTASKS = 10_000;

/** One pod's real replica, belief, self-check and committer. */
export class PodParts {
  readonly data: PodState;
  readonly target: FleetTarget;
  readonly options: FleetOptions;
  readonly replica: Replica;
  readonly ablePods: AblePods;
  readonly selfCheck: SelfCheck;
  readonly ability: OwnAbility;
  readonly beliefs: Beliefs;
  readonly #fleet: Environment;
  readonly #membership: MembersShown;
  readonly #clock = { atUs: 0 };

  constructor(data: PodState, fleet: Environment) {
    this.data = data;
    this.#fleet = fleet;
    this.target = targetFor(data);
    this.options = optionsOf(data, this.target, () => (this.#clock.atUs || fleet.state.now) / 1000);
    this.replica = replicaOf(data);
    this.#membership = membershipOf(this, fleet);
    this.selfCheck = selfCheckOf(data, this.options, this.#storeClock, (time, change) => this.#at(time, change));
    this.ability = new OwnAbility(this.options, this.selfCheck);
    this.ablePods = new AblePods(this.options, {
      ability: this.ability,
      selfCheck: this.selfCheck,
      membership: this.#membership as never,
    });
    for (let i = 0; i < Math.min(data.blind?.probes ?? 0, 2); i += 1) {
      this.#at(data.blind?.at ?? 0, () => this.ablePods.probeInconclusive());
    }
    this.beliefs = this.#knowledgeOf();
  }

  /** The state that this pod shows; undefined while it does not run. */
  belief(): Belief {
    const belief = this.beliefs.belief(this.target);
    this.#keepLone();
    return belief;
  }

  /** A pod that may not probe, or is busy, plans nothing. */
  plan(): Plan | undefined {
    if (this.data.pausedAt !== undefined || this.data.job !== undefined || this.data.held !== undefined) {
      return undefined;
    }
    if (this.ablePods.isExcluded(TARGET)) return undefined;
    const parts = {
      replica: this.replica,
      beliefs: this.beliefs,
      ablePods: this.ablePods,
      membership: this.#membership as never,
      // No budget counts the target.
      budgets: { countsFrom: () => 0 } as never,
      holds: { resumedAt: 0 },
      now: this.now,
    };
    const plan = planShared(this.options, parts, this.target, START_US - 10 * INTERVAL_MS * 1000);
    return { ...plan, at: Math.max(this.#fleet.bug.planAt?.(plan, this) ?? plan.at, this.data.restUntil) };
  }

  claimRequest(plan: Plan): ClaimRequest {
    const { policy } = this.options;
    return {
      target: TARGET,
      reason: plan.reason,
      intervalMs: this.target.intervalMs,
      everyMs: plan.everyMs,
      level: this.#fleet.bug.claimLevel ?? this.target.level,
      guard: grantsPerInterval(policy),
      version: this.replica.version(TARGET),
    };
  }

  async claim(plan: Plan, reply: Reply): Promise<ClaimAnswer['kind'] | 'no-answer'> {
    const { state } = this.#fleet;
    const requests = [this.claimRequest(plan)];
    const answer = await this.#fleet.call(
      reply,
      async (store, notAfter) =>
        await store.claim({ pod: this.data.id, ttlMs: LEASE_MS, notAfter, budget: {}, requests }),
    );
    if (answer.kind !== 'ok') {
      this.data.restUntil = state.now + 200_000;
      return 'no-answer';
    }
    const [result] = answer.value;
    if (result === undefined) return 'no-answer';
    if ('record' in result && result.record !== null) this.replica.apply(TARGET, result.record);
    if (result.kind === 'granted') {
      const { grant, until } = result;
      this.replica.setLease({ target: TARGET, pod: this.data.id, grant, until });
      this.data.held = { grant, until: state.now + LEASE_MS * 1000 };
      this.data.job = { grant, reason: plan.reason };
    } else if (result.kind === 'held') {
      if (this.replica.lease(TARGET, state.now)?.pod === this.data.id) this.replica.endLease(TARGET, FOREVER);
      this.replica.setLease({ target: TARGET, pod: result.by, grant: 0, until: result.until });
      // The next step comes sooner than the end of that lease.
      this.data.restUntil = state.now + 1_000_000;
    } else if (result.kind === 'not-due') {
      this.data.restUntil = Math.min(Math.max(state.now + 50_000, result.dueAt), state.now + 60_000_000);
    }
    this.keep();
    return result.kind;
  }

  /** The running probe yielded evidence. */
  async commit(probe: Observation, reply: Reply): Promise<void> {
    this.data.job = undefined;
    this.ablePods.probeConclusive();
    this.data.blind = undefined;
    this.selfCheck.ownEvidence(TARGET, probe, 'nothing');
    saveSelfCheck(this.data, this.selfCheck, { own: probe, now: this.now() });
    await this.publish(probe, reply);
  }

  /** Offers evidence that the store refused or lost. */
  async offer(): Promise<void> {
    const { own, lostRecord } = this.data;
    this.data.lostRecord = undefined;
    if (lostRecord !== undefined) {
      await this.#bring((committer) => {
        committer.offer(this.target, lostRecord);
        committer.flush();
      }, 'answered');
    }
    if (own !== undefined) await this.publish(own, 'answered');
  }

  /** Commits a probe, with or without a lease. */
  async publish(probe: Observation, reply: Reply): Promise<void> {
    await this.#bring(
      (committer) => committer.submit({ target: this.target, grant: probe.at }, probe, 'urgent'),
      reply,
    );
  }

  async #bring(hand: (committer: Committer) => void, reply: Reply): Promise<void> {
    const committer = committerOf(this, this.#fleet, reply);
    hand(committer);
    // oxlint-disable no-await-in-loop -- nothing in it waits for time
    for (let turn = 0; !committer.idle; turn += 1) {
      // A rejection that nobody handles ends the process only between two macrotasks.
      if (turn > MOST_MICROTASKS) await setImmediate();
      else await Promise.resolve();
    }
    // oxlint-enable no-await-in-loop
    const own = this.beliefs.own()[0];
    this.data.own = own?.offer;
    this.keep();
  }

  /** The running probe yielded no evidence. */
  async blinded(): Promise<void> {
    const { now } = this.#fleet.state;
    this.data.job = undefined;
    await this.release();
    this.replica.endLease(TARGET, FOREVER);
    this.ablePods.probeInconclusive();
    this.data.blind = { probes: (this.data.blind?.probes ?? 0) + 1, at: now };
    this.data.restUntil = now + 3_333_000;
    this.keep();
  }

  async release(): Promise<void> {
    const { held, id } = this.data;
    this.data.held = undefined;
    if (held === undefined) return;
    const leases = [{ target: TARGET, grant: held.grant }];
    await this.#fleet.call('answered', async (store, notAfter) => await store.release({ pod: id, notAfter, leases }));
  }

  /** A running pod renews the lease of its probe at every third of it. */
  async renew(): Promise<void> {
    const { held, id } = this.data;
    if (held === undefined) return;
    const { state } = this.#fleet;
    const leases = [{ target: TARGET, grant: held.grant }];
    const answer = await this.#fleet.call(
      'answered',
      async (store, notAfter) => await store.renew({ pod: id, ttlMs: LEASE_MS, notAfter, leases }),
    );
    if (answer.kind !== 'ok') return;
    this.data.held = answer.value.lost.length > 0 ? undefined : { ...held, until: state.now + LEASE_MS * 1000 };
  }

  async hear(store: FleetStore): Promise<void> {
    const { state } = this.#fleet;
    this.data.behind = false;
    const dataLost = this.data.epoch !== '' && this.data.epoch !== state.store.epoch;
    this.data.epoch = state.store.epoch;
    if (dataLost) this.replica.dataLost();
    const page = await store.readRecords([TARGET]);
    const stored = page.kind === 'ok' ? page.value[0]?.stored : undefined;
    if (stored !== undefined && this.replica.apply(TARGET, stored)) {
      const facts = this.replica.record(TARGET)?.facts;
      if (facts !== undefined) {
        this.selfCheck.fleetEvidence(TARGET, facts);
        saveSelfCheck(this.data, this.selfCheck, { facts, now: this.now() });
      }
    }
    if (dataLost) this.#findLost();
    const leases = await store.readLeases([TARGET]);
    const [lease] = leases.kind === 'ok' ? leases.value : [];
    if (lease === undefined) this.replica.endLease(TARGET, FOREVER);
    else this.replica.setLease(lease);
    this.keep();
  }

  /** The two pods with the first ranks offer again what the store lost. */
  #findLost(): void {
    const [lost] = this.replica.takeLost();
    const first = plainRankOf(TARGET, this.data.id, this.#membership.otherAbleIds(TARGET)) <= 1;
    this.data.lostRecord = first ? lost?.[1] : undefined;
  }

  /** An unbilled check of a pod in self-check; `open` ends the self-check. */
  selfChecked(path: 'open' | 'shut', nextUs: number): void {
    const { openCheck } = this.data;
    if (openCheck === undefined) return;
    this.data.openCheck = path === 'open' ? undefined : { ...openCheck, nextCheckAt: this.#fleet.state.now + nextUs };
  }

  /** Reads the changes of the parts back into plain data. */
  keep(): void {
    const { now } = this.#fleet.state;
    this.data.record = this.replica.record(TARGET);
    this.data.data = this.data.record !== undefined && this.replica.version(TARGET) === 0 ? 'lost' : 'current';
    this.data.lease = this.replica.lease(TARGET, now);
  }

  readonly now = (): number => this.#fleet.state.now;

  #at(time: number, act: () => void): void {
    this.#clock.atUs = time;
    act();
    this.#clock.atUs = 0;
  }

  readonly #storeClock = {
    now: () => this.#clock.atUs || this.#fleet.state.now,
    earliest: () => this.#clock.atUs || this.#fleet.state.now,
    latest: () => this.#clock.atUs || this.#fleet.state.now,
    learn: () => 0,
  };

  #knowledgeOf(): Beliefs {
    const { data, replica, ablePods, selfCheck } = this;
    const parts = {
      replica,
      ablePods,
      selfCheck,
      storeClock: this.#storeClock,
      waitingSince: () => 0,
      membership: this.#membership,
    };
    const beliefs = new Beliefs(this.options, parts);
    if (data.own !== undefined) beliefs.keepOwn(this.target, data.own);
    if (data.lone !== undefined) this.#at(data.lone.heardAt, () => void beliefs.context(this.target));
    return this.#fleet.bug.beliefs?.(beliefs, this) ?? beliefs;
  }

  #keepLone(): void {
    const facts = this.beliefs.evidence(TARGET)?.facts;
    const since = facts?.run.kind === 'failed' ? facts.failureRun?.aloneSince : undefined;
    if (since === undefined) this.data.lone = undefined;
    else if (this.data.lone?.since !== since) this.data.lone = { since, heardAt: this.#fleet.state.now };
  }
}
