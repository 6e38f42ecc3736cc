import { isErrorStatus } from './answer-check.ts';
import { brokenOffError } from './broken-off.ts';
import { errorEvent } from './errors.ts';
import { createEventSplitter, readEvent } from './event-splitter.ts';
import type { AnswerReader, AttemptFault, ReaderParts } from './attempt-types.ts';
import type { EventReading, FailedAnswer } from './stream-dialects.ts';

/** One event may not be longer: what does not end is not an event. */
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/**
 * Sends events on, byte for byte, each when it is complete. Until the first one with data nothing is sent, so the request
 * can go elsewhere. From then on the client gets a proper end: that of the upstream, or an error event, and never a
 * connection that merely closes.
 */
export function readEvents(parts: ReaderParts): AnswerReader {
  const { outgoing, wire, begin, send, heard, finish } = parts;
  const splitter = createEventSplitter();
  const stream = parts.stream();
  let waiting: Buffer[] | undefined = [];
  let hasEnded = false;

  const pass = (event: Buffer): void => {
    if (event.length === 0) return;
    if (waiting === undefined) send(event);
    else waiting.push(event);
  };
  const start = (): void => {
    if (waiting === undefined) return;
    begin();
    const before = waiting;
    waiting = undefined;
    for (const event of before) send(event);
  };
  const fail = (fault: AttemptFault): void => {
    hasEnded = true;
    if (waiting !== undefined) {
      finish({ kind: 'failed', fault });
      return;
    }
    finish({ kind: 'broken-off', fault, usage: stream.usage });
    outgoing.end(errorEvent(wire, brokenOffError(fault)));
  };
  /** False where it is too late for an answer with that status, or it is none. */
  const refuse = (status: number | undefined, event: Buffer): boolean => {
    if (waiting === undefined || !isErrorStatus(status)) return false;
    hasEnded = true;
    const { upstreamHeaders: headers, format } = parts;
    const body = Buffer.from(readEvent(event).data ?? '');
    finish({ kind: 'refused', refusal: { status, headers, body, format } });
    return true;
  };
  const succeed = (failed: FailedAnswer | undefined): void => {
    hasEnded = true;
    start();
    finish({ kind: 'answered', usage: stream.usage, ...(failed !== undefined && { failed }) });
    outgoing.end();
  };
  const take = (reading: EventReading, bytes: Buffer): void => {
    switch (reading.kind) {
      case 'comment':
        pass(bytes);
        return;
      case 'part':
      case 'last':
        heard();
        start();
        if (reading.texts === undefined) pass(bytes);
        else for (const text of reading.texts) send(text);
        if (reading.kind === 'last') succeed(reading.failed);
        return;
      case 'malformed':
        fail({ class: 'server', message: `malformed stream: ${reading.why}` });
        return;
      case 'error':
        if (!refuse(reading.error.status, bytes)) {
          fail({ class: 'server', message: reading.error.message ?? 'an error in its stream, without a reason' });
        }
    }
  };
  return {
    data: (chunk) => {
      for (const event of splitter.push(chunk)) {
        take(stream.read(readEvent(event)), event);
        if (hasEnded) return;
      }
      if (splitter.rest.length > MAX_EVENT_BYTES) {
        fail({ class: 'server', message: `malformed stream: an event of more than ${MAX_EVENT_BYTES} bytes` });
      }
    },
    end: () => {
      const { rest } = splitter;
      // Some upstreams leave out the empty line after their last event.
      if (rest.toString().trim() !== '') take(stream.read(readEvent(rest)), Buffer.concat([rest, NEWLINES]));
      if (!hasEnded) take(stream.end(), NOTHING);
    },
    broken: (fault) => {
      const reading = fault.class === 'network' ? stream.end() : undefined;
      // The connection broke after the last part: the client has the whole answer.
      if (reading?.kind === 'last') take(reading, NOTHING);
      else fail(fault);
    },
  };
}

const NOTHING = Buffer.alloc(0);
const NEWLINES = Buffer.from('\n\n');
