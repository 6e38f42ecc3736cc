import type { AnswerReader, ReaderParts } from './attempt-types.ts';

/** Beyond this the rest of an error is not read. */
const MAX_BYTES = 256 * 1024;

/** Keeps an error of the upstream: another deployment may answer yet. */
export function readRefusal({ status, upstreamHeaders, format, heard, finish }: ReaderParts): AnswerReader {
  const chunks: Buffer[] = [];
  let size = 0;
  const end = (): void =>
    finish({ kind: 'refused', refusal: { status, headers: upstreamHeaders, body: Buffer.concat(chunks), format } });
  return {
    data: (chunk) => {
      heard();
      const room = MAX_BYTES - size;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      size += chunk.length;
      if (size > MAX_BYTES) end();
    },
    end,
    // The status is there, and says more than a connection that breaks after it.
    broken: end,
  };
}
