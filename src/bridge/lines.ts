import type { Clock, Displacement, Logger, OtherModels, StoreLoss } from '../ports/index.ts';
import type { Composed, Withheld } from './document.ts';
import type { Author } from './whose.ts';

/** One kind of news is told once in this time, however often it happens. */
const ONCE_PER_MS = 60_000;

/** What the bridge tells the log: each thing when it begins, and not while it goes on. */
export class BridgeLines {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #key: string;
  readonly #toldMs = new Map<string, number>();
  #published = false;
  #composed: Withheld | 'document' | undefined;
  #others = 0;

  constructor(logger: Logger, clock: Clock, key: string) {
    this.#logger = logger;
    this.#clock = clock;
    this.#key = key;
  }

  leads(): void {
    this.#composed = undefined;
    this.#published = false;
    this.#logger.info(`LiteLLM bridge: this pod publishes from now on, under ${this.#key}`);
  }

  follows(holder: string): void {
    this.#logger.info(`LiteLLM bridge: ${holder} publishes instead of this pod`);
  }

  composed(composed: Composed | null): void {
    if (composed === null) return;
    const now = composed.kind === 'document' ? 'document' : composed.why;
    if (now === this.#composed) return;
    this.#composed = now;
    if (composed.kind === 'withheld') {
      this.#logger.info(`LiteLLM bridge: nothing is published: ${whyWithheld(composed)}`);
      return;
    }
    const { healthy, unhealthy } = composed;
    if (this.#published) {
      this.#logger.info(`LiteLLM bridge: publishes again: ${healthy} healthy and ${unhealthy} unhealthy endpoints`);
    } else {
      this.#logger.info(`LiteLLM bridge: publishes ${healthy} healthy and ${unhealthy} unhealthy endpoints`);
    }
    this.#published = true;
  }

  displaced(displacement: Displacement, by: string | null): void {
    if (!this.#isNews(displacement)) return;
    const found = {
      litellm: `results of LiteLLM's own, by ${by}`,
      unknown: 'something that this pod did not write',
      vanished: 'nothing',
    }[displacement];
    this.#logger.warn(`LiteLLM bridge: found ${found} where its publication was`);
  }

  /** The store answers, but not what the bridge asks; a store that is lost is told of by the fleet. */
  refused({ code, message }: StoreLoss): void {
    if (code === 'timeout' || code === 'disconnected' || !this.#isNews(`refused: ${code}`)) return;
    this.#logger.warn(`LiteLLM bridge: nothing is published, for Redis refuses it: ${message}`);
  }

  tookAway(author: Author): void {
    if (!this.#isNews(`took away: ${author}`)) return;
    const what = {
      'this pod': 'what this pod had published',
      'a pod of ours': 'what another pod had published',
      LiteLLM: "results of LiteLLM's own that would harm its pods",
      'nobody known': 'something that no pod wrote',
    }[author];
    this.#logger.warn(`LiteLLM bridge: took away ${what}, for nobody vouches for it`);
  }

  others({ unwatchedCount: count, unwatched }: OtherModels): void {
    if (count === this.#others) return;
    this.#others = count;
    if (count === 0) return;
    // Names are LiteLLM's to choose, and a line of the log is one line.
    const names = unwatched.map(({ model }) => model).filter((model) => /^[\w.:/@*-]+$/.test(model));
    const which = names.length === 0 ? `${count} by their ids` : shortList(names, count);
    this.#logger.warn(
      `LiteLLM bridge: in results of LiteLLM's own, not in ours: ${which}; nobody probes them meanwhile`,
    );
  }

  failed(error: unknown): void {
    const what = error instanceof Error ? error.message : 'no Error';
    if (this.#isNews(`failed: ${what}`)) this.#logger.error(`LiteLLM bridge: a step failed: ${what}`);
  }

  #isNews(kind: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#toldMs.get(kind) ?? -Infinity) < ONCE_PER_MS) return false;
    this.#toldMs.set(kind, nowMs);
    return true;
  }
}

const reasons: Readonly<Record<Withheld, string>> = {
  'nothing-to-vouch-for': 'no deployment takes part in background checks',
  'not-judged': 'not judged yet',
  'evidence-too-old': 'the evidence is too old',
  'cut-off': 'nothing, or next to nothing, is healthy from here, which is more likely the way there',
};

/** One line: why nothing is published, with the first few models that it is about. */
export function whyWithheld({ why, models }: Extract<Composed, { kind: 'withheld' }>): string {
  if (models.length === 0) return reasons[why];
  return `${reasons[why]}: ${shortList(models, models.length)}`;
}

function shortList(names: readonly string[], count: number): string {
  const shown = names.slice(0, 3);
  const more = count - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
