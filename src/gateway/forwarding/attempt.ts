import type { Clock, Timer } from '../../ports/index.ts';
import type { FaultClass, ResponseHeaders, UpstreamPools } from '../../upstream/index.ts';
import type { AnswerReader, AttemptEnd, AttemptFault, AttemptInput, ReaderEnd, ReaderParts } from './attempt-types.ts';
import { AWS_EVENT_STREAM, readAwsEvents } from './aws-event-stream.ts';
import type { CutOff } from './cut-off.ts';
import { readBytes } from './read-bytes.ts';
import { readEvents } from './read-events.ts';
import { readRefusal } from './read-refusal.ts';
import { readWhole } from './read-whole.ts';
import { watchSilence } from './silence.ts';

export interface AttemptPorts {
  readonly pools: UpstreamPools;
  readonly clock: Clock;
  readonly cutOff: CutOff;
}

/**
 * Sends one request to one upstream, and its answer to the client as it comes. Never rejects. A client that leaves closes
 * the connection to the upstream at once.
 */
export function attempt(input: AttemptInput, { pools, clock, cutOff }: AttemptPorts): Promise<AttemptEnd> {
  const { outgoing, limits } = input;
  if (outgoing.destroyed) return Promise.resolve({ kind: 'client-left' });
  if (cutOff.isOver) return Promise.resolve({ kind: 'failed', fault: STOPPING });
  return new Promise((resolve) => {
    const startedMs = clock.monotonicMs();
    let firstByteMs: number | undefined;
    let reader: AnswerReader | undefined;
    let hasEnded = false;
    let isOver = false;
    // The client reads more slowly than the upstream sends.
    let isFull = false;
    let late: Timer | undefined;

    const settle = (end: AttemptEnd, connection: 'close' | 'close-if-open'): void => {
      if (hasEnded) return;
      hasEnded = true;
      silence.stop();
      outgoing.off('close', onClose);
      outgoing.off('drain', onDrain);
      cutOff.remove(place);
      if (connection === 'close') control.abort();
      else if (!isOver) late = clock.setTimer(CLOSE_AFTER_MS, () => control.abort());
      resolve(end);
    };
    const over = (): void => {
      isOver = true;
      late?.cancel();
    };
    const onClose = (): void => settle({ kind: 'client-left' }, 'close');
    const onDrain = (): void => {
      isFull = false;
      silence.resume();
      control.resume();
    };
    const finish = (end: ReaderEnd): void => {
      const heardMs = firstByteMs ?? clock.monotonicMs() - startedMs;
      if (end.kind === 'answered') settle({ ...end, firstByteMs: heardMs }, 'close-if-open');
      else if (end.kind === 'broken-off') settle({ ...end, firstByteMs: heardMs }, 'close');
      else settle(end, isOver ? 'close-if-open' : 'close');
    };
    const fail = (fault: AttemptFault): void => {
      if (reader === undefined) settle({ kind: 'failed', fault }, 'close');
      else reader.broken(fault);
    };
    const onCut = (): void => fail(STOPPING);
    const silence = watchSilence(limits, clock, (message) => fail({ class: 'timeout', message }));

    outgoing.on('close', onClose);
    const place = cutOff.add(onCut);
    const control = pools.send(input.request, {
      head: (status, headers) => {
        if (hasEnded) return;
        reader = readerFor(input, {
          ...input,
          status,
          upstreamHeaders: headers,
          begin: (contentLength) => {
            const sent = input.headers(asSent(headers));
            if (contentLength !== undefined) sent['content-length'] = contentLength;
            outgoing.writeHead(status, sent);
          },
          send: (bytes) => {
            if (outgoing.write(bytes) || isFull) return;
            isFull = true;
            outgoing.once('drain', onDrain);
            silence.pause();
            control.pause();
          },
          heard: () => {
            firstByteMs ??= clock.monotonicMs() - startedMs;
            silence.heard();
          },
          finish,
        });
      },
      data: (chunk) => {
        if (!hasEnded) reader?.data(chunk);
      },
      end: () => {
        over();
        if (!hasEnded) reader?.end();
      },
      failed: ({ class: name, message }) => {
        over();
        if (!hasEnded) fail({ class: faultClasses[name], message });
      },
    });
  });
}

/** The drain time of this pod has passed. */
export const STOPPING: AttemptFault = { class: 'stopping', message: 'this pod stops' };

/** An upstream that says that its answer is complete gets this long to end it, so that its connection can be used again. */
const CLOSE_AFTER_MS = 1_000;

/** Faults of a connection as those of an attempt. */
export const faultClasses: Readonly<Record<FaultClass, AttemptFault['class']>> = {
  network: 'network',
  timeout: 'timeout',
  local: 'local',
  'not-http': 'server',
  // The upstream was not asked: this pod made a request that cannot be sent.
  'bad-request': 'local',
};

/** The client gets server-sent events also where the upstream sends others. */
function asSent(headers: ResponseHeaders): ResponseHeaders {
  return headers['content-type'] === AWS_EVENT_STREAM ? { ...headers, 'content-type': 'text/event-stream' } : headers;
}

/**
 * The content type alone proves no answer: a proxy sends its login page as 200, too. Where the endpoint answers with JSON, the body
 * must be JSON, or the events that were asked for.
 */
function readerFor({ asked, answer }: AttemptInput, parts: ReaderParts): AnswerReader {
  if (parts.status > 299) return readRefusal(parts);
  const type = String(parts.upstreamHeaders['content-type'] ?? '').toLowerCase();
  if (type.startsWith('text/event-stream')) return readEvents(parts);
  if (type === AWS_EVENT_STREAM) return readAwsEvents(parts);
  if (type.startsWith('application/json') || type === '') return readWhole(parts);
  if (answer !== 'any') return asked === 'stream' ? readEvents(parts) : readWhole(parts);
  return type.startsWith('text/html') ? readWhole(parts) : readBytes(parts);
}
