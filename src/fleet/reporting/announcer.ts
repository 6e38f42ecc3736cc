import type { FailureClass, State, TargetId } from '../../health/index.ts';
import type { FleetChange, StoredRecord, TargetView } from '../../ports/index.ts';
import type { Belief, SelfCheck, Beliefs } from '../evidence/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';

const MINUTE_MS = 60_000;

/** What is told of. */
export interface AnnouncerParts {
  readonly beliefs: Beliefs;
  readonly selfCheck: Pick<SelfCheck, 'of' | 'impaired'>;
  readonly show: (target: FleetTarget) => TargetView;
}

/** Tells the log and the listeners what changed, each thing once. */
export class Announcer {
  readonly #options: FleetOptions;
  readonly #parts: AnnouncerParts;
  readonly #listeners = new Set<(change: FleetChange) => void>();
  readonly #states = new Map<TargetId, State>();
  /** Why a target that is down was so when it was last told of. */
  readonly #classes = new Map<TargetId, FailureClass>();
  readonly #rejected = new Set<TargetId>();
  /** Targets of which the log was told that only this pod fails, and since when that is. */
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
        // A listener's fault must not keep the rest of a batch from being told.
        this.#options.logger.error(
          `A listener for fleet changes failed: ${error instanceof Error ? error.message : 'not an Error'}`,
        );
      }
    }
  }

  /** The state last told of a target. */
  lastState(target: TargetId): State {
    return this.#states.get(target) ?? 'unknown';
  }

  /** Logs a target's state if it is another than before. */
  announce(target: FleetTarget): void {
    const from = this.lastState(target.id);
    const belief = this.#parts.beliefs.belief(target);
    const { state: to, why, flags } = belief;
    this.#announceRejection(target, flags.includes('probe-rejected') ? 'rejected' : 'accepted');
    this.#announceLocalOnly(target, belief);
    this.#announceClass(target, belief);
    if (from === to) return;
    this.#states.set(target.id, to);
    // What is well when a pod starts is no news: 200 targets would be 200 lines.
    const level = from === 'unknown' && to === 'up' ? 'debug' : 'info';
    this.#options.logger[level](`${target.name} is ${to} (was ${from}): ${why}`, { target: target.id, from, to });
    this.emit({ kind: 'verdict-changed', target: target.id, from, to, view: this.#parts.show(target) });
  }

  /** Logs what the self-check says of this pod as a whole. */
  impaired(impaired: boolean): void {
    const { logger, pod } = this.#options;
    if (impaired) {
      logger.warn(
        `Pod ${pod} is impaired: its probes fail where other pods' probes succeed; it stops probing for the fleet`,
      );
    } else logger.info(`Pod ${pod} is no longer impaired`);
  }

  /** Targets that are told of no more begin anew if they come back. */
  forget(targets: readonly TargetId[]): void {
    const all = [this.#states, this.#classes, this.#rejected, this.#localOnly];
    for (const target of targets) for (const kept of all) kept.delete(target);
  }

  /** A target that is down for another reason than before needs somebody else, perhaps. */
  #announceClass({ id, name }: FleetTarget, { state, why }: Belief): void {
    const { run, failureRun } = this.#parts.beliefs.evidence(id)?.facts ?? {};
    const now = state === 'down' && run?.kind === 'failed' ? failureRun?.class : undefined;
    const before = this.#classes.get(id);
    if (now === before) return;
    if (now === undefined) this.#classes.delete(id);
    else this.#classes.set(id, now);
    if (now !== undefined && before !== undefined) {
      this.#options.logger.info(`${name} is still down, for a different reason: ${why}`, { target: id });
    }
  }

  /** This pod is at fault, and somebody has to mend it. One line says so where it fails at most of its hosts. */
  #announceLocalOnly({ id, name }: FleetTarget, { localOnly, state, why }: Belief): void {
    const { logger, clock } = this.#options;
    const doubt = this.#parts.selfCheck.of(id);
    const begunMs = this.#localOnly.get(id);
    if (localOnly && doubt !== undefined && begunMs === undefined && !this.#parts.selfCheck.impaired) {
      this.#localOnly.set(id, clock.monotonicMs());
      const { failure, failedAt, reachedBy } = doubt;
      logger.warn(
        `Only this pod fails to reach ${name} since ${new Date(failedAt / 1000).toISOString()}: ${failure.class}: ${failure.message}; pod ${reachedBy} reaches it: check the network, DNS and proxies of this pod`,
        { target: id },
      );
    } else if (!localOnly && begunMs !== undefined) {
      this.#localOnly.delete(id);
      const seconds = Math.round((clock.monotonicMs() - begunMs) / 1000);
      logger.info(
        `This pod is no longer the only one that fails to reach ${name}, after ${seconds} s; ${name} is ${state}: ${why}`,
        { target: id },
      );
    }
  }

  /** A probe that the upstream rejects says nothing of its health, and somebody has to mend the probe: logged once. */
  #announceRejection({ id, name }: FleetTarget, now: 'rejected' | 'accepted'): void {
    const { logger } = this.#options;
    const failure = this.#parts.beliefs.evidence(id)?.facts.rejected;
    if (now === 'rejected' && !this.#rejected.has(id)) {
      this.#rejected.add(id);
      const shown = failure?.status === undefined ? '' : `HTTP ${failure.status}: `;
      logger.warn(
        `The upstream rejects the probe of ${name}: ${shown}${failure?.message ?? ''}; its state is unchanged, and a LiteLLM bridge does not publish it: correct model_info.health_check_params or the deployment`,
        { target: id },
      );
    } else if (now === 'accepted' && this.#rejected.delete(id)) {
      logger.info(`The upstream accepts the probe of ${name} again`, { target: id });
    }
  }

  /** A lease that did not parse was replaced: at most one line a minute, for it may have been all of them. */
  replacedLease(target: FleetTarget, shown: string): void {
    const { clock, logger } = this.#options;
    this.#replacedLeases += 1;
    if (clock.monotonicMs() - this.#replacedMs < MINUTE_MS) return;
    const more = this.#replacedLeases - 1;
    [this.#replacedMs, this.#replacedLeases] = [clock.monotonicMs(), 0];
    const others = more === 0 ? '' : `; ${more} more since the last such line`;
    logger.warn(`Replaced the stored lease of ${target.name}: it does not parse: ${shown}${others}`, {
      target: target.id,
    });
  }

  /** One line for a record that was set aside; the next commit of a pod that knows the target repairs garbage. */
  quarantined(target: TargetId, stored: StoredRecord): void {
    const name = this.#options.targets.find(({ id }) => id === target)?.name ?? target;
    const shown = stored.kind === 'garbage' ? `does not parse: ${stored.shown}` : 'was written by a newer version';
    this.#options.logger.warn(`Ignored the stored record of ${name}: it ${shown}`, { target });
  }
}
