/** Cuts a stream of server-sent events between events. Incomplete ones wait for the rest. */
export interface EventSplitter {
  /** The complete events so far, each with the empty line that ends it. */
  push(chunk: Buffer): readonly Buffer[];
  /** Bytes of an event that has not ended. */
  readonly rest: Buffer;
}

/** One event of a text/event-stream: its name and its data, several data lines joined. */
export interface ServerSentEvent {
  readonly name: string | undefined;
  /** Undefined for a comment, or another event without data. */
  readonly data: string | undefined;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const EMPTY = Buffer.alloc(0);

/** @example createEventSplitter().push(Buffer.from('data: 1\n\ndata: 2')).map(String) // ['data: 1\n\n'] */
export function createEventSplitter(): EventSplitter {
  let rest: Buffer = EMPTY;
  return {
    get rest() {
      return rest;
    },
    push: (chunk) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      // An end may lie on both sides of the border between the chunks.
      let searchFrom = Math.max(0, rest.length - 3);
      const events: Buffer[] = [];
      let start = 0;
      for (;;) {
        const end = endOfEvent(bytes, searchFrom);
        if (end === -1) break;
        events.push(bytes.subarray(start, end));
        start = end;
        searchFrom = end;
      }
      rest = start === bytes.length ? EMPTY : bytes.subarray(start);
      return events;
    },
  };
}

/** Reads one event as the standard says; fields other than `event` and `data` are left out. */
export function readEvent(bytes: Buffer): ServerSentEvent {
  const text = bytes.toString('utf8');
  if (isOneDataLine(text)) return { name: undefined, data: text.slice(text[5] === ' ' ? 6 : 5, -2) };
  let name: string | undefined;
  let data: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('data:')) {
      const value = line.slice(line[5] === ' ' ? 6 : 5);
      data = data === undefined ? value : `${data}\n${value}`;
    } else if (line.startsWith('event:')) {
      name = line.slice(line[6] === ' ' ? 7 : 6);
    }
  }
  return { name, data };
}

/** True for the usual event: `data: …`, LF and LF. */
function isOneDataLine(text: string): boolean {
  return (
    text.startsWith('data:') && text.endsWith('\n\n') && text.indexOf('\n') === text.length - 2 && text.at(-3) !== '\r'
  );
}

/** One past the empty line that ends the first event, or -1. Lines end with LF or CRLF. */
function endOfEvent(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const feed = bytes.indexOf(LINE_FEED, at);
    if (feed === -1) return -1;
    if (bytes[feed + 1] === LINE_FEED) return feed + 2;
    if (bytes[feed + 1] === CARRIAGE_RETURN && bytes[feed + 2] === LINE_FEED) return feed + 3;
    at = feed + 1;
  }
}
