/** One event of a stream. */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Parses a stream that arrives in pieces. */
export interface EventParser {
  /** The events that this piece completes. Comments are no events. */
  push(piece: string): readonly StreamEvent[];
}

/** Begins before the first event. */
export function createEventParser(): EventParser {
  let rest = '';
  let id = '';
  let event = '';
  let data: string[] = [];
  return {
    push: (piece) => {
      const lines = (rest + piece).split(/\r\n|\n/);
      rest = lines.pop() ?? '';
      const found: StreamEvent[] = [];
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) found.push({ id, event, data: data.join('\n') });
          [event, data] = ['', []];
          continue;
        }
        const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        if (name === 'id') id = value;
        else if (name === 'event') event = value;
        else if (name === 'data') data.push(value);
      }
      return found;
    },
  };
}
