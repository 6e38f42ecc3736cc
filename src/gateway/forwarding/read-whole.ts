import { isErrorStatus } from './answer-check.ts';
import type { AnswerReader, ReaderParts } from './attempt-types.ts';
import { readBytes } from './read-bytes.ts';

/** Larger answers are sent on as they come, without a check, unless they must be translated. */
const MAX_BYTES = 8 * 1024 * 1024;
const MOST_COPIED = 16 * 1024;

/** Keeps a JSON answer until it is complete and checked, so that one that breaks off or is none can be asked for elsewhere. */
export function readWhole(parts: ReaderParts): AnswerReader {
  const { outgoing, bodies, check, begin, heard, finish } = parts;
  const chunks: Buffer[] = [];
  let size = 0;
  let large: AnswerReader | undefined;
  return {
    data: (chunk) => {
      if (large !== undefined) {
        large.data(chunk);
        return;
      }
      heard();
      chunks.push(chunk);
      size += chunk.length;
      if (size <= MAX_BYTES) return;
      if (bodies === 'translated') {
        const message = `answered 200, but: more than ${MAX_BYTES} bytes, which cannot be translated`;
        finish({ kind: 'failed', fault: { class: 'server', message } });
        return;
      }
      large = readBytes(parts);
      large.data(Buffer.concat(chunks));
    },
    end: () => {
      if (large !== undefined) {
        large.end();
        return;
      }
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
      const checked = check(body);
      if (checked.kind === 'error' && isErrorStatus(checked.status)) {
        const { upstreamHeaders: headers, format } = parts;
        finish({ kind: 'refused', refusal: { status: checked.status, headers, body, format } });
        return;
      }
      if (checked.kind !== 'good') {
        finish({ kind: 'failed', fault: { class: 'server', message: `answered 200, but: ${checked.why}` } });
        return;
      }
      const sent = checked.body ?? body;
      begin(sent.length);
      // Node writes a string in one piece with the headers; as latin1 each byte stays. It copies it, which is dearer where it is long.
      if (sent.length <= MOST_COPIED) outgoing.end(sent.toString('latin1'), 'latin1');
      else outgoing.end(sent);
      finish({ kind: 'answered', usage: checked.usage });
    },
    broken: (fault) => {
      if (large === undefined) finish({ kind: 'failed', fault });
      else large.broken(fault);
    },
  };
}
