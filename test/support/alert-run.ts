import { emptyBook, settled, step } from '../../src/alerts/incidents/index.ts';
import type { AlertBook, Condition, Inactive, Notice } from '../../src/alerts/incidents/index.ts';
import type { IncidentSettings } from '../../src/ports/index.ts';

const settings: IncidentSettings = { groupWindowMs: 15_000, forMs: 0, dampingMs: 300_000 };

export const target = (name: string, place = 'openai (api.openai.com)'): Condition => ({
  key: `target:${name}`,
  kind: 'target-down',
  place,
  label: name,
  since: null,
  why: '2 server errors (HTTP 500)',
});

export const groupDown = (name: string): Condition => ({ ...target(name), key: `group:${name}`, kind: 'group-down' });

/** Runs a book in virtual seconds. */
export class Run {
  book: AlertBook = emptyBook;
  #seconds = 1_000;
  readonly settings: IncidentSettings;
  readonly notices: Notice[] = [];

  constructor(changes: Partial<IncidentSettings> = {}) {
    this.settings = { ...settings, ...changes };
  }

  observe(active: readonly Condition[], more: { inactive?: Inactive; paused?: boolean; after?: number } = {}): void {
    this.#seconds += more.after ?? 1;
    const before = new Set(this.book.outbox);
    this.book = step(this.book, {
      observation: {
        now: this.#seconds * 1_000_000,
        paused: more.paused ?? false,
        active,
        inactive: () => more.inactive ?? 'clear',
      },
      settings: this.settings,
      receiversOf: () => ['ops'],
    });
    for (const one of this.book.outbox) {
      if (before.has(one)) continue;
      this.notices.push(one.notice);
      this.book = settled(this.book, {
        notice: one.notice,
        delivery: { receiver: 'ops', at: 0, result: 'delivered', answer: 'HTTP 200' },
      });
    }
  }

  titles(): readonly string[] {
    return this.notices.map(({ title }) => title);
  }
}
