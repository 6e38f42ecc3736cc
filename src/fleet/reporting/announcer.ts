import type { FailureClass, PodId, State, TargetId } from '../../health/index.ts';
import type { FleetChange, StoredRecord, TargetView } from '../../ports/index.ts';
import type { Belief, SelfCheck, Beliefs } from '../evidence/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';

const MINUTE_MS = 60_000;

/** Parts that announcements read. */
export interface AnnouncerParts {
  readonly beliefs: Beliefs;
  readonly selfCheck: Pick<SelfCheck, 'of' | 'impaired'>;
  readonly show: (target: FleetTarget) => TargetView;
  /** True if this pod warns for the fleet of a target that went down by evidence of pod `by`. */
  readonly warns: (by: PodId | undefined) => boolean;
}

/** Logs changes and notifies listeners, each change once. */
export class Announcer {
  readonly #options: FleetOptions;
  readonly #parts: AnnouncerParts;
  readonly #listeners = new Set<(change: FleetChange) => void>();
  readonly #states = new Map<TargetId, State>();
  /** Failure class of each target that is down, at its last announcement. */
  readonly #classes = new Map<TargetId, FailureClass>();
  readonly #rejected = new Set<TargetId>();
  /** Targets logged as reached by other pods only, and the time of that. */
  readonly #localOnly = new Map<TargetId, number>();
  #replacedLeases = 0;
  #replacedMs = Number.NEGATIVE_INFINITY;

  constructor(options: FleetOptions, parts: AnnouncerParts) {
    this.#options = options;
    this.#parts = parts;
  }

  listen(listener: (change: FleetChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(change: FleetChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        // An error of a listener must not stop the other notifications.
        this.#options.logger.error(
          `A listener for fleet changes failed: ${error instanceof Error ? error.message : 'not an Error'}. To fix: report it with allswell diagnose`,
        );
      }
    }
  }

  /** The last announced state of a target. */
  lastState(target: TargetId): State {
    return this.#states.get(target) ?? 'unknown';
  }

  /** Logs a target's state if it has changed. */
  announce(target: FleetTarget): void {
    const from = this.lastState(target.id);
    const belief = this.#parts.beliefs.belief(target);
    const { state: to, why, flags } = belief;
    this.#announceRejection(target, flags.includes('probe-rejected') ? 'rejected' : 'accepted');
    this.#announceLocalOnly(target, belief);
    this.#announceClass(target, belief);
    if (from === to) return;
    this.#states.set(target.id, to);
    // A target that is up at the start is logged at debug level: 200 targets would be 200 lines.
    const quiet = from === 'unknown' && to === 'up';
    const level = quiet ? 'debug' : to === 'down' && this.#warns(target) ? 'warn' : 'info';
    const fields = { target: target.id, from, to };
    this.#options.logger[level](`Verdict changed: ${target.name} is ${to} (was ${from}): ${why}`, fields);
    this.emit({ kind: 'verdict-changed', target: target.id, from, to, view: this.#parts.show(target) });
  }

  #warns({ id }: FleetTarget): boolean {
    return this.#parts.warns(this.#parts.beliefs.evidence(id)?.facts.last.pod);
  }

  /** Logs that this pod became impaired, or no longer is. */
  impaired(impaired: boolean): void {
    const { logger, pod } = this.#options;
    if (impaired) {
      logger.warn(
        `Pod ${pod} is impaired: its probes fail where other pods' probes succeed; it stops probing for the fleet. To fix: check its network, DNS and egress rules`,
      );
    } else logger.info(`Pod ${pod} is no longer impaired`);
  }

  /** Forgets removed targets, so that they are announced again if they return. */
  forget(targets: readonly TargetId[]): void {
    const all = [this.#states, this.#classes, this.#rejected, this.#localOnly];
    for (const target of targets) for (const kept of all) kept.delete(target);
  }

  /** Logs a changed failure class of a target that is down, because another person may have to act. */
  #announceClass({ id, name }: FleetTarget, { state, why }: Belief): void {
    const { run, failureRun } = this.#parts.beliefs.evidence(id)?.facts ?? {};
    const now = state === 'down' && run?.kind === 'failed' ? failureRun?.class : undefined;
    const before = this.#classes.get(id);
    if (now === before) return;
    if (now === undefined) this.#classes.delete(id);
    else this.#classes.set(id, now);
    if (now !== undefined && before !== undefined) {
      this.#options.logger.info(`Still down, for a different reason: ${name}: ${why}`, { target: id });
    }
  }

  /**
   * Logs that only this pod fails to reach a target, because its operator has to act. For an impaired pod one line is
   * enough.
   */
  #announceLocalOnly({ id, name }: FleetTarget, { localOnly, state, why }: Belief): void {
    const { logger, clock } = this.#options;
    const localFailure = this.#parts.selfCheck.of(id);
    const begunMs = this.#localOnly.get(id);
    if (localOnly && localFailure !== undefined && begunMs === undefined && !this.#parts.selfCheck.impaired) {
      this.#localOnly.set(id, clock.monotonicMs());
      const { failure, failedAt, reachedBy } = localFailure;
      logger.warn(
        `Only this pod fails to reach ${name} since ${new Date(failedAt / 1000).toISOString()}: ${failure.class}: ${failure.message}; pod ${reachedBy} reaches it. To fix: check the network, DNS and egress rules of this pod`,
        { target: id },
      );
    } else if (!localOnly && begunMs !== undefined) {
      this.#localOnly.delete(id);
      const seconds = Math.round((clock.monotonicMs() - begunMs) / 1000);
      const run = this.#parts.beliefs.evidence(id)?.facts.run.kind;
      const othersFail = state === 'down' || (localFailure === undefined && run === 'failed');
      const reached = localFailure === undefined ? 'this pod reaches it again' : 'no other pod is left to compare with';
      const ending = othersFail ? 'other pods fail to reach it too' : reached;
      logger.info(`Local failure of ${name} ended after ${seconds} s: ${ending}; its state is ${state}: ${why}`, {
        target: id,
      });
    }
  }

  /** Logs a rejected probe once: it proves nothing about health, and the probe has to be corrected. */
  #announceRejection({ id, name }: FleetTarget, now: 'rejected' | 'accepted'): void {
    const { logger } = this.#options;
    const failure = this.#parts.beliefs.evidence(id)?.facts.rejected;
    if (now === 'rejected' && !this.#rejected.has(id)) {
      this.#rejected.add(id);
      const shown = failure?.status === undefined ? '' : `HTTP ${failure.status}: `;
      logger.warn(
        `The upstream rejects the probe of ${name}: ${shown}${failure?.message ?? ''}; its state is unchanged, and a LiteLLM bridge does not publish it. To fix: correct model_info.health_check_params or the deployment`,
        { target: id },
      );
    } else if (now === 'accepted' && this.#rejected.delete(id)) {
      logger.info(`The upstream accepts the probe of ${name} again`, { target: id });
    }
  }

  /** Logs an unreadable lease that was replaced, at most one line per minute, because all leases may be affected. */
  replacedLease(target: FleetTarget, shown: string): void {
    const { clock, logger } = this.#options;
    this.#replacedLeases += 1;
    if (clock.monotonicMs() - this.#replacedMs < MINUTE_MS) return;
    const more = this.#replacedLeases - 1;
    [this.#replacedMs, this.#replacedLeases] = [clock.monotonicMs(), 0];
    const others = more === 0 ? '' : `; ${more} more since the last such line`;
    logger.warn(
      `Replaced the stored lease of ${target.name}: it does not parse: ${shown}${others}. To fix: find the client that wrote it, and give the pods their own Redis user`,
      { target: target.id },
    );
  }

  /** Logs a quarantined record. The next commit of a pod that has the target repairs an unreadable one. */
  quarantined(target: TargetId, stored: StoredRecord): void {
    const name = this.#options.targets.find(({ id }) => id === target)?.name ?? target;
    const { logger } = this.#options;
    if (stored.kind === 'garbage' && stored.olderFormat !== undefined) {
      logger.warn(
        `Ignored the stored record of ${name}: an older version wrote it (format ${stored.olderFormat}); the next probe replaces it. To fix: finish the deploy`,
        { target },
      );
    } else if (stored.kind === 'garbage') {
      logger.warn(
        `Ignored the stored record of ${name}: it does not parse: ${stored.shown}; the next probe replaces it. To fix: find the client that wrote it`,
        { target },
      );
    } else {
      logger.warn(
        `Ignored the stored record of ${name}: it was written by a newer version; its state is unknown in this pod. To fix: finish the deploy`,
        { target },
      );
    }
  }
}
