/** Reads the answers of one HTTP/1.1 connection, one after another. */
export interface AnswerReader {
  /** @returns true when the answer is complete */
  push(bytes: Buffer): boolean;
  /** The complete answer. */
  readonly status: number;
  readonly body: string;
  /** Begins the next answer. */
  reset(): void;
}

type Phase = 'head' | 'length' | 'chunk-size' | 'chunk' | 'done';

const HEAD_END = '\r\n\r\n';
const LINE_END = '\r\n';

/**
 * A reader of the two framings that gateways send: `Content-Length` and chunked without trailers. Small, because the load
 * generator shares a processor core with the upstream.
 *
 * @throws for any other answer
 */
export function createAnswerReader(): AnswerReader {
  let phase: Phase = 'head';
  let rest = '';
  let status = 0;
  let missing = 0;
  let body = '';

  const step = (): boolean => {
    switch (phase) {
      case 'head': {
        const end = rest.indexOf(HEAD_END);
        if (end === -1) return false;
        const head = rest.slice(0, end);
        rest = rest.slice(end + HEAD_END.length);
        status = Number(head.slice(9, 12));
        const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
        const isChunked = /\r\ntransfer-encoding: *chunked/i.test(head);
        if (length === undefined && !isChunked) throw new Error(`no length: ${head}`);
        missing = Number(length ?? 0);
        phase = length === undefined ? 'chunk-size' : 'length';
        return true;
      }
      case 'length':
        if (rest.length < missing) return false;
        body = rest.slice(0, missing);
        rest = rest.slice(missing);
        phase = 'done';
        return false;
      case 'chunk-size': {
        const end = rest.indexOf(LINE_END);
        if (end === -1) return false;
        missing = Number.parseInt(rest.slice(0, end), 16);
        if (!Number.isInteger(missing)) throw new Error(`not a chunk: ${rest.slice(0, 40)}`);
        rest = rest.slice(end + LINE_END.length);
        phase = 'chunk';
        return true;
      }
      case 'chunk':
        if (rest.length < missing + LINE_END.length) return false;
        body += rest.slice(0, missing);
        rest = rest.slice(missing + LINE_END.length);
        phase = missing === 0 ? 'done' : 'chunk-size';
        return phase === 'chunk-size';
      case 'done':
        return false;
    }
  };
  return {
    get status() {
      return status;
    },
    get body() {
      return body;
    },
    push: (bytes) => {
      // The bodies of this benchmark are ASCII: characters are bytes.
      rest += bytes.toString('latin1');
      while (step());
      return phase === 'done';
    },
    reset: () => {
      phase = 'head';
      body = '';
    },
  };
}
