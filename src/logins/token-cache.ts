import type { Clock } from '../ports/index.ts';
import type { UpstreamFault } from '../upstream/index.ts';
import { unusable } from './ask-login-host.ts';
import type { Fetched, LoginFailure } from './types.ts';

/** Fetches a credential; must end when the signal aborts. */
export type Fetch<T> = (signal: AbortSignal) => Promise<Fetched<T> | LoginFailure>;

/** Deadline of one fetch, independent of the deadlines of its callers. */
const FETCH_MS = 10_000;
/** A failure is not asked for again before, and neither is a credential in place of a refused one. */
const PAUSE_MS = 5_000;
/** A credential is renewed this long before it ends, or in the last fifth of its life if that is shorter. */
const MARGIN_MS = 300_000;
const MOST_ENTRIES = 1_000;

type Kept<T> = Fetched<T> & { readonly fetchedMs: number; readonly endsMs: number; readonly renewMs: number };

interface Entry<T> {
  fetched?: Kept<T>;
  failed?: { readonly failure: LoginFailure; readonly untilMs: number };
  pending?: Promise<Fetched<T> | LoginFailure> | undefined;
}

/**
 * Credentials by login. Requests at the same time share one fetch; a fetch that fails near the end of a credential leaves
 * the old one in use until it ends.
 */
export class TokenCache<T> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<T>>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  async get(key: string, fetch: Fetch<T>, signal: AbortSignal): Promise<Fetched<T> | LoginFailure> {
    const entry = this.#entryOf(key);
    const nowMs = this.#clock.monotonicMs();
    const { fetched, failed } = entry;
    if (fetched !== undefined && nowMs < fetched.renewMs) return fetched;
    if (entry.pending === undefined && failed !== undefined && nowMs < failed.untilMs) {
      return fetched !== undefined && nowMs < fetched.endsMs ? fetched : failed.failure;
    }
    entry.pending ??= this.#fetch(entry, fetch).finally(() => (entry.pending = undefined));
    const answer = await unlessAborted(entry.pending, signal);
    const stillGood = fetched !== undefined && this.#clock.monotonicMs() < fetched.endsMs;
    return answer.kind !== 'fetched' && stillGood ? fetched : answer;
  }

  /** Drops a credential that an upstream refused, unless it is new or does not expire. True if the next one is another. */
  refused(key: string, credential: Fetched<T>): boolean {
    const entry = this.#entries.get(key);
    if (entry?.fetched === undefined || entry.fetched !== credential) return true;
    const { lifeMs, fetchedMs, renewMs } = entry.fetched;
    const nowMs = this.#clock.monotonicMs();
    const isKept = nowMs - fetchedMs < PAUSE_MS && nowMs < renewMs;
    if (lifeMs === undefined || isKept) return false;
    delete entry.fetched;
    return true;
  }

  #entryOf(key: string): Entry<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    // Logins come and go with reloads of the configuration.
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= MOST_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
    const entry: Entry<T> = {};
    this.#entries.set(key, entry);
    return entry;
  }

  async #fetch(entry: Entry<T>, fetch: Fetch<T>): Promise<Fetched<T> | LoginFailure> {
    const stop = new AbortController();
    let late = false;
    const timer = this.#clock.setTimer(FETCH_MS, () => {
      late = true;
      stop.abort();
    });
    const startedMs = this.#clock.monotonicMs();
    try {
      const answer = await tried(fetch, stop.signal);
      const nowMs = this.#clock.monotonicMs();
      if (answer.kind === 'fetched') {
        const { lifeMs = Infinity } = answer;
        const renewMs = nowMs + lifeMs - Math.min(MARGIN_MS, lifeMs === Infinity ? 0 : lifeMs / 5);
        entry.fetched = { ...answer, fetchedMs: nowMs, endsMs: nowMs + lifeMs, renewMs };
        delete entry.failed;
        return entry.fetched;
      }
      const failure = late ? tooLate(nowMs - startedMs) : answer;
      entry.failed = { failure, untilMs: nowMs + PAUSE_MS };
      return failure;
    } finally {
      timer.cancel();
    }
  }
}

/** Never rejects: if all callers have given up, a rejection would be an unhandled one. */
async function tried<T>(fetch: Fetch<T>, signal: AbortSignal): ReturnType<Fetch<T>> {
  try {
    return await fetch(signal);
  } catch {
    // The text of the error may hold what was configured, such as an address with a password.
    return unusable('it cannot be tried with what is configured');
  }
}

function tooLate(latencyMs: number): UpstreamFault {
  const message = `login: no answer within ${FETCH_MS} ms`;
  return { kind: 'fault', class: 'timeout', phase: 'first-byte', message, latencyMs };
}

const ABORTED: UpstreamFault = { kind: 'fault', class: 'local', phase: 'connect', message: 'aborted', latencyMs: 0 };

/** Ends the wait, not the fetch: others wait for it too. */
async function unlessAborted<R>(pending: Promise<R>, signal: AbortSignal): Promise<R | UpstreamFault> {
  if (signal.aborted) return ABORTED;
  let stop = (): void => undefined;
  const aborted = new Promise<UpstreamFault>((resolve) => {
    stop = () => resolve(ABORTED);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([pending, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
