/** What the load generator does once: requests over kept connections, each of which waits for its answer. */
export interface LoadJob {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: 'whole' | 'stream';
  readonly connections: number;
  /** Requests per second of all connections together, each at its time as long as a connection is free. Absent: each after the other. */
  readonly perSecond?: number;
  /** `time`: connections begin no request after that; `count`: each connection makes one request. */
  readonly until: { readonly kind: 'time'; readonly ms: number } | { readonly kind: 'one-each' };
}

/** What came of it. */
export interface LoadResult {
  /** Answers that ended within the time, and the length of the time. */
  readonly inTime: number;
  readonly seconds: number;
  /** Whole and correct answers, also those that ended after the time. */
  readonly complete: number;
  readonly failed: number;
  /** Of the first failure. */
  readonly why: string | null;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** How the upstream answers from now on. */
export interface UpstreamPace {
  /** Before a whole answer. */
  readonly delayMs: number;
  /** Between the chunks of a stream; 0: each in the next turn of the event loop. */
  readonly pauseMs: number;
}

/** Chunks with text in every stream, before `[DONE]`. */
export const CHUNKS = 100;

/** Text of one chunk: its number, so that the load generator sees a lost or moved one. */
export function chunkText(number: number): string {
  return `word-${number} `;
}
