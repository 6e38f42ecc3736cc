import type { ModeEvent, SnapshotEvent, TargetBody } from '../api/index.ts';
import { backoffMs, pause } from './backoff.ts';
import { FleetClientError, notAPod, unreachable, whyOf } from './client-error.ts';
import { elapsedMs, moment } from './elapsed.ts';
import { Unavailable } from './pod.ts';
import type { Pod } from './pod.ts';
import { createEventParser } from './server-sent-events.ts';
import type { StreamEvent } from './server-sent-events.ts';
import type { PodMode } from './types.ts';
import type { ClientView } from './view.ts';

/** Keeps a view as its pod has it. */
export interface PodConnection {
  /** The event stream is open. */
  readonly connected: boolean;
  /** Connected, and what was read of the fleet is not too old. */
  readonly current: boolean;
  readonly mode: PodMode | null;
  readonly lastError: string | null;
  readonly ready: Promise<void>;
  /** Reads the fleet again; rejects if the pod does not answer. */
  refresh(): Promise<void>;
  close(): void;
}

/** What a connection uses, and whom it informs. */
export interface PodConnectionParts {
  readonly pod: Pod;
  readonly view: Pick<ClientView, 'replace' | 'update'>;
  readonly readyTimeoutMs: number;
  readonly refreshMs: number;
  readonly changed: (connected: boolean) => void;
  /** Called with each event, after the view has it. Default: nothing. */
  readonly received?: (event: string, body: unknown) => void;
  /** Called with the reason whenever an attempt to connect or the connection fails. Default: nothing. */
  readonly failed?: (reason: unknown) => void;
}

/** A pod sends something each 15 s. */
const SILENCE_MS = 40_000;
const ANSWER_MS = 10_000;
/** Readings that may fail before what is known counts as old. */
const MISSED_READINGS = 3;
/** A stream that was open for so long was no failed attempt. */
const LASTING_MS = 5_000;

/** Connects, and again whenever the connection is lost. */
export function openConnection(parts: PodConnectionParts): PodConnection {
  const { pod, view, readyTimeoutMs, refreshMs, changed, received, failed } = parts;
  const end = new AbortController();
  const ready = Promise.withResolvers<void>();
  // A client that only reports does not wait for it.
  ready.promise.catch(() => {});
  let state: 'starting' | 'ready' | 'late' = 'starting';
  let connected = false;
  let readAt = moment();
  let lastEventId = '';
  let problem: unknown = 'no answer';
  let mode: PodMode | null = null;

  const setConnected = (next: boolean): void => {
    if (connected === next) return;
    connected = next;
    changed(next);
  };

  const readFleet = async (): Promise<void> => {
    const asked = moment();
    const page = await within(ANSWER_MS, end.signal, async (signal) => await pod.json('/fleet', { signal }));
    if (!Array.isArray(page['targets'])) throw notAPod(`${pod.url}/fleet`, 'the answer has no targets');
    view.replace(page as unknown as SnapshotEvent, asked);
    readAt = asked;
    mode = (page['mode'] ?? null) as PodMode | null;
  };
  const refresh = (): void => void readFleet().catch(() => {});

  const take = ({ id, event, data }: StreamEvent): void => {
    if (isAfterGap(lastEventId, id)) refresh();
    lastEventId = id;
    const body: unknown = JSON.parse(data);
    // After a gap that the pod knows of, it sends a whole snapshot.
    if (event === 'snapshot') {
      const snapshot = body as SnapshotEvent;
      ({ mode } = snapshot);
      view.replace(snapshot);
      readAt = moment();
    } else if (event === 'verdict-changed' || event === 'hold-changed') view.update(body as TargetBody);
    else if (event === 'mode-changed') ({ mode } = body as ModeEvent);
    received?.(event, body);
  };

  /** Ends when the stream does. */
  const readEvents = async (): Promise<void> => {
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    end.signal.addEventListener('abort', abort);
    if (end.signal.aborted) abort();
    let silence = setTimeout(abort, ANSWER_MS);
    try {
      const headers = { accept: 'text/event-stream', ...(lastEventId !== '' && { 'last-event-id': lastEventId }) };
      const { body } = await pod.ask('/fleet/events', { headers, signal: stop.signal });
      const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = body?.getReader();
      const [parser, decoder] = [createEventParser(), new TextDecoder()];
      for (;;) {
        clearTimeout(silence);
        silence = setTimeout(abort, SILENCE_MS);
        // oxlint-disable-next-line no-await-in-loop -- one part after the other
        const part = await reader?.read();
        if (part === undefined || part.done) return;
        for (const event of parser.push(decoder.decode(part.value, { stream: true }))) take(event);
        opened();
      }
    } catch (error) {
      // What could not be read is in the snapshot that a stream without this id begins with.
      if (error instanceof SyntaxError) lastEventId = '';
      throw error;
    } finally {
      clearTimeout(silence);
      end.signal.removeEventListener('abort', abort);
      abort();
    }
  };

  const opened = (): void => {
    if (connected) return;
    // Changes that were missed come with the stream; newer probes that changed nothing do not.
    if (state === 'ready') refresh();
    state = 'ready';
    clearTimeout(late);
    setConnected(true);
    ready.resolve();
  };

  const close = (why: FleetClientError): void => {
    clearInterval(refreshing);
    clearTimeout(late);
    end.abort();
    setConnected(false);
    ready.reject(why);
  };

  const run = async (): Promise<void> => {
    for (let failures = 0; !end.signal.aborted; failures++) {
      const begunAt = moment();
      let waitMs = 0;
      try {
        if (state !== 'ready') await readFleet();
        await readEvents();
        problem = 'the pod ended the event stream';
      } catch (error) {
        problem = error;
        if (!end.signal.aborted) failed?.(error);
        if (error instanceof Unavailable) waitMs = error.retryAfterMs;
        if (error instanceof FleetClientError && state === 'starting') return close(error);
      }
      setConnected(false);
      // A stream that always ends at once must not be opened again at once.
      if (elapsedMs(begunAt) > LASTING_MS) failures = 0;
      await pause(Math.max(waitMs, backoffMs(failures)), end.signal);
    }
  };

  const refreshing = setInterval(() => {
    if (connected) refresh();
  }, refreshMs);
  const late = setTimeout(() => {
    state = 'late';
    ready.reject(unreachable(pod.url, problem));
  }, readyTimeoutMs);
  void run();
  return {
    get connected() {
      return connected;
    },
    get mode() {
      return mode;
    },
    get lastError() {
      return connected ? null : whyOf(problem);
    },
    get current() {
      return connected && elapsedMs(readAt) <= MISSED_READINGS * refreshMs + ANSWER_MS;
    },
    ready: ready.promise,
    refresh: readFleet,
    close: () => close(new FleetClientError('closed', 'the client was closed before it was ready')),
  };
}

/** Runs with a signal that aborts after a time, or with another one. */
export async function within<T>(ms: number, end: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const abort = (): void => stop.abort(new Error(`no answer within ${ms / 1_000} s`));
  const timer = setTimeout(abort, ms);
  end.addEventListener('abort', abort, { once: true });
  if (end.aborted) abort();
  try {
    return await run(stop.signal);
  } finally {
    clearTimeout(timer);
    end.removeEventListener('abort', abort);
  }
}

/** An id names the pod and numbers its events: `<pod>-<number>`. */
function isAfterGap(last: string, id: string): boolean {
  const cut = id.lastIndexOf('-') + 1;
  if (last.slice(0, cut) !== id.slice(0, cut)) return false;
  return Number(id.slice(cut)) > Number(last.slice(cut)) + 1;
}
