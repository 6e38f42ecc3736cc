import { counted } from '../health/index.ts';
import type { Clock, Displacement, Logger, OtherModels, StoreLoss } from '../ports/index.ts';
import type { Composed, NoDocument, Withheld } from './document.ts';
import type { Share } from './likely-partition.ts';
import type { Author } from './author.ts';

/** The same warning is logged at most once in this time. */
const ONCE_PER_MS = 60_000;

/** The bridge's log lines: each state is logged when it begins, not while it lasts. */
export class BridgeLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #key: string;
  readonly #loggedMs = new Map<string, number>();
  #published = false;
  #composed: Withheld | 'document' | undefined;
  #others = 0;
  #readable = true;

  constructor(logger: Logger, clock: Clock, key: string) {
    this.#logger = logger;
    this.#clock = clock;
    this.#key = key;
  }

  leads(): void {
    this.#composed = undefined;
    this.#published = false;
    this.#logger.info(`LiteLLM bridge: this pod is now the active bridge (key ${this.#key})`);
  }

  follows(holder: string): void {
    this.#logger.info(`LiteLLM bridge: ${holder} is now the active bridge; this pod is standby`);
  }

  /** Called before each attempt with the number of targets whose record a newer version wrote. */
  unreadable(count: number): void {
    const was = this.#readable;
    this.#readable = count === 0;
    if (this.#readable || !was) return;
    this.#logger.warn(
      `LiteLLM bridge: this pod leaves publishing to other pods: ${whyUnreadable(count)}. To fix: finish the deploy`,
    );
  }

  composed(composed: Composed | null): void {
    if (composed === null) return;
    const now = composed.kind === 'document' ? 'document' : composed.why;
    if (now === this.#composed) return;
    this.#composed = now;
    if (composed.kind === 'withheld') {
      this.#logger.info(
        `LiteLLM bridge: results withheld: ${whyWithheld(composed)}; LiteLLM pods probe meanwhile. To fix: run allswell status --why`,
      );
      return;
    }
    const { healthy, unhealthy } = composed;
    if (this.#published) {
      this.#logger.info(`LiteLLM bridge: publishing again: ${healthy} healthy and ${unhealthy} unhealthy endpoints`);
    } else {
      this.#logger.info(`LiteLLM bridge: publishing ${healthy} healthy and ${unhealthy} unhealthy endpoints`);
    }
    this.#published = true;
  }

  displaced(displacement: Displacement, by: string | null): void {
    if (!this.#isNews(displacement)) return;
    const found = {
      litellm: `results of the LiteLLM pod ${by}. To fix: if this repeats, give all pods the same DEFAULT_SHARED_HEALTH_CHECK_TTL and synchronise their clocks`,
      unknown: 'data that no known pod wrote. To fix: find the client that writes this key',
      vanished: 'no data. To fix: find out what deletes this key',
    }[displacement];
    this.#logger.warn(`LiteLLM bridge: its published results were replaced: found ${found}`);
  }

  /** The store answers and refuses the bridge's command. An unreachable store is not logged here: the fleet logs it. */
  refused({ code, message }: StoreLoss): void {
    if (code === 'timeout' || code === 'disconnected' || !this.#isNews(`refused: ${code}`)) return;
    this.#logger.warn(`LiteLLM bridge: Redis refused a command, so no results are published: ${message}`);
  }

  retracted(author: Author, withheld: NoDocument): void {
    if (!this.#isNews(`retracted: ${author}`)) return;
    if (author === 'LiteLLM' || author === 'unknown author') {
      const whose = author === 'LiteLLM' ? 'the results of LiteLLM pods' : 'results that no known pod wrote';
      this.#logger.warn(
        `LiteLLM bridge: deleted ${whose}: they are invalid and would harm LiteLLM pods. To fix: find out what wrote them`,
      );
      return;
    }
    const whose = author === 'this pod' ? "this pod's" : "another pod's";
    this.#logger.warn(
      `LiteLLM bridge: deleted ${whose} results: ${whyWithheld(withheld)}; LiteLLM pods probe meanwhile. To fix: run allswell status --why`,
    );
  }

  others({ unwatchedCount: count, unwatched }: OtherModels): void {
    if (count === this.#others) return;
    this.#others = count;
    if (count === 0) return;
    // Model names come from LiteLLM, and must not break a log line.
    const names = unwatched.map(({ model }) => model).filter((model) => /^[\w.:/@*-]+$/.test(model));
    const which = names.length === 0 ? `${count} (by id)` : shortList(names, count);
    this.#logger.warn(
      `LiteLLM bridge: LiteLLM pods have models that this bridge lacks: ${which}; these are not probed. To fix: give the bridge the configuration file of the LiteLLM pods`,
    );
  }

  failed(error: unknown): void {
    const what = error instanceof Error ? error.message : 'not an Error';
    if (!this.#isNews(`failed: ${what}`)) return;
    this.#logger.error(`LiteLLM bridge: a step failed: ${what}. To fix: report it with allswell diagnose`);
  }

  #isNews(kind: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - (this.#loggedMs.get(kind) ?? -Infinity) < ONCE_PER_MS) return false;
    this.#loggedMs.set(kind, nowMs);
    return true;
  }
}

const reasons: Readonly<Record<Withheld, (share: Share) => string>> = {
  'no-deployments': () => 'no deployment takes part in background checks',
  'not-judged': ({ count, of }) =>
    `${count} of ${counted(of, 'deployment')} ${count === 1 ? 'is' : 'are'} not judged yet`,
  'evidence-too-old': ({ count, of }) =>
    `${count} of ${counted(of, 'verdict')} ${count === 1 ? 'is' : 'are'} not current`,
  'likely-partition': ({ count, of }) =>
    `too few healthy hosts (${count} of ${of}): probably this pod's network, not the upstreams`,
};

/** The reason why no results are published, in one line, with the first few models concerned. */
export function whyWithheld({ why, models, ...share }: NoDocument): string {
  const reason = reasons[why](share);
  return models.length === 0 ? reason : `${reason}: ${shortList(models, models.length)}`;
}

/** The reason why a pod cannot publish while records have a format that it does not know. */
export function whyUnreadable(count: number): string {
  const records = count === 1 ? 'record' : 'records';
  return `a newer version wrote the ${records} of ${counted(count, 'target')}, which this pod cannot read`;
}

function shortList(names: readonly string[], count: number): string {
  const shown = names.slice(0, 3);
  const more = count - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
