import { rebasedFacts, stampsOf } from '../../health/index.ts';
import type { Grant, Observation, StoreTime, TargetId } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { CommitAnswer, CommitRequest, Timer } from '../../ports/index.ts';
import { pointOf } from '../store/index.ts';
import type { Evidence, Beliefs } from '../evidence/index.ts';
import type { Leases } from './leases.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { Job } from './runner.ts';
import type { SpendMeter } from '../budget/index.ts';
import type { Replica } from '../replication/index.ts';

/** A scheduled refresh waits for others: ten in one command cost the store a quarter of ten commands. */
const BATCH = 10;
const MAX_WAIT_MS = 1_000;
const MAX_ATTEMPTS = 5;

/** Evidence to commit: from a new probe, or kept while the store was away. */
interface Pending {
  readonly target: FleetTarget;
  /** The result of a new probe; absent for facts that are committed unchanged. */
  readonly probe?: Observation;
  /** The grant of its lease. */
  readonly grant?: Grant | undefined;
  readonly offered?: Evidence;
  readonly attempt: number;
}

/** Parts that the committer uses. */
export interface CommitterParts {
  readonly replica: Replica;
  readonly beliefs: Beliefs;
  readonly leases: Leases;
  readonly now: () => StoreTime;
  readonly spendMeter: SpendMeter;
}

/** Reports of the committer. */
export interface CommitterListener {
  /** The replica has new facts of this target, or the evidence was dropped. */
  settled(target: TargetId): void;
}

/**
 * Commits evidence: urgent results at once, refreshes in batches. After a conflict it recomputes the facts from the store's
 * record.
 */
export class Committer {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #parts: CommitterParts;
  readonly #listener: CommitterListener;
  #queue: Pending[] = [];
  readonly #unanswered: Pending[] = [];
  #timer: Timer | undefined;
  #inFlight = 0;
  /** Versions that the store reported in a conflict, where this pod's replica is ahead of a store that went back. */
  readonly #conflicts = new Map<TargetId, number>();

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker, parts: CommitterParts, listener: CommitterListener) {
    this.#options = options;
    this.#circuit = circuit;
    this.#parts = parts;
    this.#listener = listener;
  }

  /** True if no evidence waits and no commit is under way. */
  get idle(): boolean {
    return this.#queue.length === 0 && this.#inFlight === 0;
  }

  /** Commits the result of a probe; `urgent` is sent at once. */
  submit({ target, grant }: Pick<Job, 'target' | 'grant'>, probe: Observation, urgency: 'urgent' | 'refresh'): void {
    this.#queue.push({ target, probe, grant, attempt: 1 });
    if (urgency === 'urgent' || this.#queue.length >= BATCH) this.flush();
    else {
      this.#timer ??= this.#options.clock.setTimer(Math.min(MAX_WAIT_MS, target.intervalMs / 10), () => this.flush());
    }
  }

  /** Queues facts that the store may have lost, or never received. */
  offer(target: FleetTarget, offered: Evidence): void {
    this.#queue.push({ target, offered, attempt: 1 });
  }

  /** Queues the facts of commits that got no answer. */
  retryUnanswered(): void {
    this.#queue.push(...this.#unanswered.splice(0));
  }

  /** Sends all queued evidence. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const queue = this.#queue;
    this.#queue = [];
    const fresh = queue.filter((pending) => !this.#dropIfOld(pending));
    for (let i = 0; i < fresh.length; i += MAX_BATCH) void this.#commit(fresh.slice(i, i + MAX_BATCH));
  }

  async #commit(batch: readonly Pending[]): Promise<void> {
    this.#inFlight += 1;
    const commits = batch.map((pending) => this.#request(pending));
    const { pod, random, history } = this.#options;
    const newEpoch = random.id(12);
    const answer = await this.#circuit.call('commit', (store, notAfter) =>
      store.commit({ pod, notAfter, newEpoch, history, commits }),
    );
    this.#inFlight -= 1;
    if (answer.kind !== 'ok') {
      for (const pending of batch) this.#keepLocally(pending);
      return;
    }
    batch.forEach((pending, i) => {
      const [request, result] = [commits[i], answer.value[i]];
      if (request !== undefined && result !== undefined) this.#settle(pending, request, result);
    });
    if (this.#queue.some(({ attempt }) => attempt > 1)) this.flush();
  }

  /**
   * Drops evidence that newer evidence without a lease has overtaken:
   *   t0 A is granted, its probe is slow · t1 B, back from fallback, commits evidence of t1 · t2 A's result is outdated
   */
  #dropIfOld({ target, probe, grant }: Pending): boolean {
    const { replica, beliefs, leases } = this.#parts;
    if (probe === undefined || !beliefs.isOutdated(target.id, probe, replica.record(target.id))) return false;
    this.#options.metrics.staleCommit();
    if (probe.source !== 'traffic') {
      void leases.release([target.id]);
      replica.endLease(target.id, grant ?? probe.at);
    }
    beliefs.dropOwn(target.id, probe);
    this.#listener.settled(target.id);
    return true;
  }

  #request({ target, probe, grant: madeUnder, offered }: Pending): CommitRequest {
    const { replica, beliefs, leases } = this.#parts;
    const base = replica.record(target.id);
    const evidence = probe === undefined ? offered : beliefs.after(target, probe, base);
    if (evidence === undefined) throw new Error('evidence to commit has neither a probe nor facts');
    const grant = probe === undefined ? undefined : leases.grant(target.id);
    const cost = probe === undefined ? undefined : this.#parts.spendMeter.probeCostOf(target, probe);
    const before = base === undefined || probe === undefined ? base?.facts : rebasedFacts(base.facts, probe.at);
    const point = pointOf(evidence.facts, before);
    return {
      target: target.id,
      ...(grant !== undefined && grant === madeUnder ? { grant } : {}),
      ...(cost && { cost }),
      ...(point && { point }),
      expectedVersion: this.#conflicts.get(target.id) ?? replica.version(target.id),
      ...stampsOf(evidence),
      nextDueAt: Math.round(beliefs.next(target, evidence).dueAt),
      facts: evidence.facts,
    };
  }

  #settle(pending: Pending, request: CommitRequest, result: CommitAnswer): void {
    const { replica, beliefs, leases } = this.#parts;
    const { metrics, logger } = this.#options;
    const { target, attempt } = pending;
    this.#conflicts.delete(target.id);
    if (result.kind === 'conflict' && attempt < MAX_ATTEMPTS && result.record?.kind !== 'newer') {
      if (result.record !== null) replica.apply(target.id, result.record);
      this.#conflicts.set(target.id, result.record?.kind === 'record' ? result.record.record.version : 0);
      this.#queue.push({ ...pending, attempt: attempt + 1 });
      return;
    }
    if (result.kind === 'ok') {
      const { nextDueAt, facts, grant } = request;
      const record = {
        version: result.version,
        grant: grant ?? replica.record(target.id)?.grant ?? 0,
        ...stampsOf(request),
        nextDueAt,
        facts,
      };
      replica.apply(target.id, { kind: 'record', record });
      // Without a grant no budget reserved the cost, so the store adds none.
      if (grant !== undefined && request.cost !== undefined) this.#parts.spendMeter.paid(target, request.cost);
      logger.debug(`Committed ${target.name}: ${facts.run.kind}, version ${result.version}`, { target: target.id });
    } else if (pending.probe !== undefined) {
      metrics.staleCommit();
      logger.debug(`Dropped stale evidence about ${target.name}: Redis has newer evidence`, { target: target.id });
    }
    // A lease may be held for a running probe, with which evidence from requests has nothing to do.
    const isTraffic = pending.probe?.source === 'traffic';
    if (result.kind === 'conflict' && !isTraffic) void leases.release([target.id]);
    if (request.grant !== undefined) {
      replica.endLease(target.id, request.grant);
      leases.drop(target.id);
    } else if (pending.probe !== undefined && !isTraffic && leases.isHeld(target.id)) {
      // The lease has expired on this pod's clock, but perhaps not on the store's.
      void leases.release([target.id]);
      replica.endLease(target.id, pending.grant ?? pending.probe.at);
    }
    if (pending.probe !== undefined) beliefs.dropOwn(target.id, pending.probe);
    this.#listener.settled(target.id);
  }

  /** The store did not answer: keeps the evidence as this pod's own until it can be committed. */
  #keepLocally(pending: Pending): void {
    const { target, probe } = pending;
    if (probe === undefined) this.#unanswered.push(pending);
    else this.#parts.beliefs.keepOwn(target, probe);
    if (probe?.source !== 'traffic') this.#parts.leases.dropUnanswered(target.id);
    this.#listener.settled(target.id);
  }
}
