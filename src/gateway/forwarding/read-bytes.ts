import type { AnswerReader, ReaderParts } from './attempt-types.ts';

/** Sends an answer of any format on as it comes. Only the end of the connection shows that it is complete. */
export function readBytes({ outgoing, begin, send, heard, finish }: ReaderParts): AnswerReader {
  let hasBegun = false;
  return {
    data: (chunk) => {
      heard();
      if (!hasBegun) begin();
      hasBegun = true;
      send(chunk);
    },
    end: () => {
      if (!hasBegun) {
        finish({ kind: 'failed', fault: { class: 'server', message: 'answered 200 with an empty body' } });
        return;
      }
      outgoing.end();
      finish({ kind: 'answered', usage: {} });
    },
    broken: (fault) => {
      if (!hasBegun) {
        finish({ kind: 'failed', fault });
        return;
      }
      // Without an end of the last chunk the client knows that the answer is not whole.
      finish({ kind: 'broken-off', fault, usage: {} });
      // HTTP/1.0 has no chunks: there the end of the connection is the end of the answer.
      if (outgoing.req.httpVersion === '1.0') outgoing.socket?.resetAndDestroy();
      outgoing.destroy();
    },
  };
}
