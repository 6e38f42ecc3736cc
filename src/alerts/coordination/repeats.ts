import type { StoreTime } from '../../health/index.ts';
import { activeAlerts, attempt, RESEND_MS } from '../delivery/index.ts';
import { noticeOf } from '../incidents/index.ts';
import type { AlertBook } from '../incidents/index.ts';
import type { AlertsOptions } from './alerts-options.ts';

export interface RepeatsParts extends Pick<AlertsOptions, 'clock' | 'fleet' | 'post' | 'redact' | 'settings'> {
  readonly now: () => StoreTime;
  readonly failed: (error: unknown) => void;
}

/** Alertmanager ends alerts that are not repeated. The next repetition makes up for one that fails. */
export class Repeats {
  readonly #parts: RepeatsParts;
  #lastMs = -Infinity;

  constructor(parts: RepeatsParts) {
    this.#parts = parts;
  }

  /** Repeats open incidents, if it is time. Those whose trigger waits are left to it. */
  step({ incidents, outbox }: Pick<AlertBook, 'incidents' | 'outbox'>): void {
    const { settings, clock, fleet, now, failed } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#lastMs + RESEND_MS) return;
    this.#lastMs = nowMs;
    for (const receiver of settings().receivers) {
      if (receiver.type !== 'alertmanager') continue;
      const waiting = new Set(
        outbox.filter((one) => one.pending.includes(receiver.name)).map(({ notice }) => notice.id),
      );
      const active = incidents.filter(({ id, receivers }) => receivers.includes(receiver.name) && !waiting.has(id));
      if (active.length === 0) continue;
      const notices = active.map((incident) => noticeOf(incident, 'trigger', now()));
      const sender = { fleet: fleet.status().fleet, wallMs: clock.wallMs() };
      void attempt(activeAlerts(receiver, notices, sender), this.#parts).catch(failed);
    }
  }
}
