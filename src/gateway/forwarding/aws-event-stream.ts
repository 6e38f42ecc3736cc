import { crc32 } from 'node:zlib';
import { isObject, parseJson, textOf } from '../../providers/wire/index.ts';
import type { AnswerReader, ReaderParts } from './attempt-types.ts';
import { readEvents } from './read-events.ts';

/** Content type of AWS' event stream: messages of lengths, headers and a payload. */
export const AWS_EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** AWS allows 16 MiB. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Two lengths and their checksum before the headers; a checksum after the payload. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const EMPTY = Buffer.alloc(0);

/** Reads a streamed answer of Bedrock as the server-sent events that its model's vendor would send. */
export function readAwsEvents(parts: ReaderParts): AnswerReader {
  const events = readEvents(parts);
  let rest: Buffer = EMPTY;
  return {
    data: (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const texts: string[] = [];
      let why: string | undefined;
      while (why === undefined && rest.length >= PRELUDE_BYTES) {
        const size = rest.readUInt32BE(0);
        if (size < PRELUDE_BYTES + CHECKSUM_BYTES || size > MAX_MESSAGE_BYTES) why = `a message of ${size} bytes`;
        else if (rest.length < size) break;
        else {
          const text = eventOf(rest.subarray(0, size));
          if (text === undefined) why = 'a message that cannot be read';
          else texts.push(text);
          rest = rest.subarray(size);
        }
      }
      if (texts.length > 0) events.data(Buffer.from(texts.join('')));
      if (why !== undefined) events.broken({ class: 'server', message: `malformed stream: ${why}` });
    },
    end: () => events.end(),
    broken: (fault) => events.broken(fault),
  };
}

/** One message as a server-sent event; empty for one that has no part of the answer. Undefined: it is malformed. */
function eventOf(message: Buffer): string | undefined {
  const payloadEnd = message.length - CHECKSUM_BYTES;
  const payloadStart = PRELUDE_BYTES + message.readUInt32BE(4);
  if (payloadStart > payloadEnd || crc32(message.subarray(0, payloadEnd)) !== message.readUInt32BE(payloadEnd)) {
    return undefined;
  }
  const headers = message.toString('latin1', PRELUDE_BYTES, payloadStart);
  const body = parseJson(message.toString('utf8', payloadStart, payloadEnd));
  if (!isObject(body)) return undefined;
  // The name of an exception, such as throttlingException, is a header: a type and a length of three bytes, then the text.
  const exception = /:exception-type.{3}(\w+)/s.exec(headers)?.[1];
  if (exception !== undefined) {
    const error = { type: exception, message: textOf(body['message']) ?? exception };
    return `event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`;
  }
  const bytes = textOf(body['bytes']);
  if (bytes === undefined) return '';
  const data = Buffer.from(bytes, 'base64').toString('utf8');
  const event = parseJson(data);
  return isObject(event)
    ? `event: ${textOf(event['type']) ?? 'message'}\ndata: ${JSON.stringify(event)}\n\n`
    : undefined;
}
