import type { StoreTime } from '../../health/index.ts';
import type { AlertKind, AlertReceiver, AlertsReader, AlertsView, AlertTestResult, Timer } from '../../ports/index.ts';
import { ReceiverQueues } from '../delivery/index.ts';
import { forReceivers, LONGEST_LABEL, noted, step } from '../incidents/index.ts';
import type { AlertsOptions } from './alerts-options.ts';
import { alertsView } from './alerts-view.ts';
import { BookWriter } from './book-writer.ts';
import { Handover } from './handover.ts';
import { reportOf, withOtherViews } from './other-views.ts';
import { Repeats } from './repeats.ts';
import { SharedBook } from './shared-book.ts';
import { StoreLost } from './store-lost.ts';
import { testReceivers } from './test-receivers.ts';

/** Distance of two looks at the fleet. */
const TICK_MS = 1_000;
/** A change of the fleet is looked at after this time, together with those that follow at once. */
const COALESCE_MS = 100;

/** The alerts of a fleet, in one pod. */
export interface Alerts extends AlertsReader {
  start(): void;
  /** Waits for running deliveries and gives the lease back, so that another pod goes on at once. */
  stop(): Promise<void>;
}

/**
 * Sends the fleet's alerts while this pod holds the lease. A message is in the shared book before it is sent, and is removed
 * from it afterwards: if this pod ends in between, the next holder sends it again. So each message is sent at least once, and
 * twice only if a pod ends between the two.
 */
export function createAlerts(options: AlertsOptions): Alerts {
  return new FleetAlerts(options);
}

class FleetAlerts implements Alerts {
  readonly #options: AlertsOptions;
  readonly #shared: SharedBook;
  readonly #queues: ReceiverQueues;
  readonly #writer: BookWriter;
  readonly #lost: StoreLost;
  readonly #handover: Handover;
  readonly #now: () => StoreTime;
  readonly #repeats: Repeats;
  readonly #lostRepeats: Repeats;
  #timer: Timer | undefined;
  #soon: Timer | undefined;
  #ticking: Promise<void> | undefined;
  #again = false;
  #unsubscribe: () => void = () => undefined;
  #stopped = false;
  #led = false;
  /** No other pod is known to have sent alerts since this one. */
  #sentLast = false;
  /** What the last step that failed said: it is logged once. */
  #failed = '';

  constructor(options: AlertsOptions) {
    const { fleet, settings } = options;
    this.#options = options;
    this.#handover = new Handover(options.clock);
    this.#now = () => fleet.status().now;
    this.#shared = new SharedBook({ ...options, now: this.#now });
    const parts = {
      ...options,
      fleet: () => fleet.status().fleet,
      receivers: () => settings().receivers,
      now: this.#now,
      changed: () => this.#wake(0),
    };
    const repeats = { ...options, now: this.#now, failed: (error: unknown) => this.#reportFailure(error) };
    this.#repeats = new Repeats(repeats);
    this.#lostRepeats = new Repeats(repeats);
    this.#queues = new ReceiverQueues(parts);
    this.#writer = new BookWriter({ ...options, shared: this.#shared, queues: this.#queues });
    this.#lost = new StoreLost({
      ...options,
      queues: new ReceiverQueues(parts),
      receivers: () => this.#receiversOf(['store-lost']),
      windowMs: () => settings().groupWindowMs,
      now: this.#now,
    });
  }

  start(): void {
    this.#unsubscribe = this.#options.fleet.onChange(() => this.#wake(COALESCE_MS));
    this.#tickIn(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#timer?.cancel();
    this.#soon?.cancel();
    await this.#ticking;
    await Promise.all([this.#queues.idle(), this.#lost.stop(this.#now())]);
    if (this.#shared.leads && this.#queues.done.length > 0) await this.#writer.write(this.#shared.book);
    await this.#shared.resign();
  }

  alerts(): AlertsView {
    const { settings, fleet } = this.#options;
    return alertsView({
      settings: settings(),
      book: noted(this.#shared.book, this.#queues.failures),
      sender: this.#shared.holder,
      lost: this.#lost,
      status: fleet.status(),
    });
  }

  async testAlerts(receiver: string | undefined): Promise<readonly AlertTestResult[] | null> {
    return await testReceivers(receiver, { ...this.#options, now: this.#now });
  }

  #tickIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      this.#run();
      this.#tickIn(TICK_MS);
    });
  }

  #wake(delayMs: number): void {
    if (this.#soon !== undefined || this.#stopped) return;
    this.#soon = this.#options.clock.setTimer(delayMs, () => {
      this.#soon = undefined;
      this.#run();
    });
  }

  /** One tick at a time; one that is due meanwhile follows. */
  #run(): void {
    if (this.#stopped) return;
    if (this.#ticking !== undefined) {
      this.#again = true;
      return;
    }
    this.#ticking = this.#tick().finally(() => {
      this.#ticking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.#run();
    });
  }

  async #tick(): Promise<void> {
    try {
      // Settings may change: without receivers this pod leaves the alerts to others.
      if (this.#options.settings().receivers.length === 0) return await this.#shared.resign();
      this.#lost.step(this.#options.fleet.status());
      this.#lostRepeats.step(this.#lost.book);
      this.#repeatWithoutStore();
      await this.#share();
      this.#reportTurn();
      if (!this.#shared.leads) return;
      await this.#update();
      if (!this.#shared.leads || this.#stopped) return;
      this.#queues.pump(this.#shared.book.outbox, this.#shared.book.incidents);
      this.#repeats.step(this.#shared.book);
      this.#failed = '';
    } catch (error) {
      // It reads other parts' data. An error there must not end the alerts.
      this.#reportFailure(error);
    }
  }

  /** Takes or keeps the lease if this pod may, and leaves what its configuration sees to a sender with another one. */
  async #share(): Promise<void> {
    const mayLead = this.#mayLead();
    if (!mayLead) await this.#shared.resign();
    if (!this.#shared.due || this.#options.fleet.status().mode === 'fallback') return;
    const report = { view: this.#options.view(), text: reportOf(await this.#options.observe(), this.#shared.book) };
    if (mayLead) await this.#shared.lead(report);
    else await this.#shared.look(report);
  }

  #reportFailure(error: unknown): void {
    const why = this.#options.redact(error instanceof Error ? error.message : String(error));
    if (why === this.#failed) return;
    this.#failed = why;
    this.#options.logger.error(`Alerts: a step failed: ${why}. To fix: report it with allswell diagnose`);
  }

  /**
   * False without the store. A pod that is impaired or reaches no receiver leaves it to others, because its network may be broken,
   * but only if there are any.
   */
  #mayLead(): boolean {
    const { mode, impaired, members, pod } = this.#options.fleet.status();
    if (mode === 'fallback') return false;
    const isAway = this.#handover.isAway({ leads: this.#shared.leads, reachesNone: this.#queues.reachesNone });
    return !(impaired || isAway) || !members.some((one) => one.pod !== pod && !one.impaired);
  }

  async #update(): Promise<void> {
    const { settings, observe } = this.#options;
    const observation = withOtherViews(await observe(), this.#shared.reports);
    const before = this.#shared.book;
    const receiversOf = (kinds: readonly AlertKind[]): readonly string[] => this.#receiversOf(kinds);
    const { receivers } = settings();
    const stepped = step(before, { observation, settings: settings(), receiversOf });
    const ends = this.#lost.departures.messages(this.#options.fleet.status(), this.#receiversOf(['store-lost']));
    const next = forReceivers(
      ends.length === 0 ? stepped : { ...stepped, outbox: [...stepped.outbox, ...ends] },
      receivers.map(({ name }) => name),
      observation.now,
    );
    const { done, failures } = this.#queues;
    if (next === before && done.length === 0 && failures.length === 0 && !this.#shared.isAhead) return;
    if ((await this.#writer.write(next)) && ends.length > 0) this.#lost.departures.written();
  }

  #reportTurn(): void {
    const { leads, holder } = this.#shared;
    if (leads) this.#sentLast = true;
    else if (holder !== null && holder !== this.#options.pod) this.#sentLast = false;
    if (leads && !this.#led) {
      this.#options.logger.info('Alerts: this pod sends the alerts of the fleet');
    }
    this.#led = leads;
  }

  /** While Redis is lost, the pod that sent last repeats the outages that it sees itself. */
  #repeatWithoutStore(): void {
    const { fleet, down } = this.#options;
    if (!this.#sentLast || fleet.status().mode !== 'fallback') return;
    const names = new Set(down().map((name) => name.slice(0, LONGEST_LABEL)));
    const { incidents, outbox } = this.#shared.book;
    const seen = incidents.filter(({ members }) =>
      members.some(({ label, endedAt }) => endedAt === null && names.has(label)),
    );
    this.#repeats.step({ incidents: seen, outbox });
  }

  #receiversOf(kinds: readonly AlertKind[]): readonly string[] {
    const wanted = ({ kinds: own }: AlertReceiver): boolean => kinds.some((kind) => own.includes(kind));
    return this.#options
      .settings()
      .receivers.filter(wanted)
      .map(({ name }) => name);
  }
}
