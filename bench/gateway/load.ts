import { connect } from 'node:net';
import { createAnswerReader } from './answer-reader.ts';
import { CHUNKS, chunkText } from './job.ts';
import type { LoadJob, LoadResult } from './job.ts';

// The load generator, a process of its own: takes jobs from its parent, one at a time, and answers with their results.

/** A connection without an answer for so long has failed. */
const SILENCE_MS = 30_000;

process.on('message', (job: LoadJob) => {
  void run(job).then((result) => process.send?.(result));
});
process.once('disconnect', () => process.exit());
process.send?.('ready');

interface Tally {
  readonly endsAtMs: number;
  /** When the next request is due. */
  readonly nextDueMs: () => number;
  readonly latenciesUs: number[];
  inTime: number;
  failed: number;
  why: string | null;
}

async function run(job: LoadJob): Promise<LoadResult> {
  const startedMs = performance.now();
  const endsAtMs = job.until.kind === 'time' ? startedMs + job.until.ms : Infinity;
  const tally: Tally = {
    endsAtMs,
    nextDueMs: schedule(job, startedMs),
    latenciesUs: [],
    inTime: 0,
    failed: 0,
    why: null,
  };
  const request = requestBytes(job);
  await Promise.all(Array.from({ length: job.connections }, async () => await useConnection(job, request, tally)));
  const seconds = ((job.until.kind === 'time' ? endsAtMs : performance.now()) - startedMs) / 1_000;
  const sorted = Float64Array.from(tally.latenciesUs).sort();
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? 0;
  const { inTime, failed, why } = tally;
  return { inTime, seconds, complete: sorted.length, failed, why, p50Us: at(0.5), p99Us: at(0.99) };
}

function schedule({ perSecond }: LoadJob, startedMs: number): () => number {
  if (perSecond === undefined) return () => performance.now();
  let planned = 0;
  return () => startedMs + (planned++ * 1_000) / perSecond;
}

function requestBytes({ port, path, headers, body }: LoadJob): Buffer {
  const all = { host: `127.0.0.1:${port}`, ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** Sends requests one after another, over a new connection after each failure. */
async function useConnection(job: LoadJob, request: Buffer, tally: Tally): Promise<void> {
  const isWanted = (): boolean => (job.until.kind === 'time' ? performance.now() < tally.endsAtMs : false);
  do {
    // oxlint-disable-next-line no-await-in-loop -- a connection lasts until it fails or the time is over
    await oneConnection(job, request, tally, isWanted);
  } while (isWanted());
}

async function oneConnection(job: LoadJob, request: Buffer, tally: Tally, isWanted: () => boolean): Promise<void> {
  const socket = connect({ port: job.port, host: '127.0.0.1', noDelay: true });
  const reader = createAnswerReader();
  let sentMs = 0;
  const send = (): void => {
    const dueMs = tally.nextDueMs();
    const waitMs = dueMs - performance.now();
    // A request that no connection was free for has waited since it was due.
    if (waitMs <= 0) write(dueMs);
    else if (dueMs >= tally.endsAtMs) leave();
    else setTimeout(() => write(performance.now()), waitMs);
  };
  const write = (sinceMs: number): void => {
    sentMs = sinceMs;
    socket.write(request);
  };
  let leave = (): void => {};
  await new Promise<void>((resolve) => {
    let isOver = false;
    leave = (): void => {
      isOver = true;
      socket.destroy();
      resolve();
    };
    const fail = (why: string): void => {
      if (isOver) return;
      tally.failed += 1;
      tally.why ??= why;
      leave();
    };
    const onClose = (): void => fail('the connection was closed before the answer was complete');
    socket.once('connect', send);
    socket.once('error', (error) => fail(error.message));
    socket.once('close', onClose);
    socket.setTimeout(SILENCE_MS, () => fail(`silent for ${SILENCE_MS} ms`));
    socket.on('data', (bytes) => {
      if (!complete(bytes)) return;
      const nowMs = performance.now();
      const wrong = problemOf(job, reader.status, reader.body);
      if (wrong !== undefined) return fail(wrong);
      tally.latenciesUs.push((nowMs - sentMs) * 1_000);
      if (nowMs <= tally.endsAtMs) tally.inTime += 1;
      reader.reset();
      if (isWanted()) send();
      else leave();
    });
    const complete = (bytes: Buffer): boolean => {
      try {
        return reader.push(bytes);
      } catch (error) {
        fail(error instanceof Error ? error.message : String(error));
        return false;
      }
    };
  });
}

/** Undefined for a correct answer. A stream must have all its texts in order, and end with `[DONE]`; a gateway may write the events anew. */
function problemOf({ answer }: LoadJob, status: number, body: string): string | undefined {
  if (status !== 200) return `status ${status}: ${body.slice(0, 200)}`;
  if (answer === 'whole') return body.includes('"choices"') ? undefined : `no answer: ${body.slice(0, 200)}`;
  let from = 0;
  for (let number = 0; number < CHUNKS; number += 1) {
    const at = body.indexOf(chunkText(number), from);
    if (at === -1) return `chunk ${number} of a stream is not in its place: ${body.slice(0, 200)}`;
    from = at + 1;
  }
  return body.includes('[DONE]', from) ? undefined : 'a stream without [DONE] at its end';
}
