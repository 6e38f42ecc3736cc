import { crc32 } from 'node:zlib';

/** One message of AWS' event stream: lengths, a checksum, headers, the payload, a checksum. */
export function frame(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const texts = Object.entries(headers).map(([name, value]) => {
    const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
    const length = Buffer.alloc(2);
    length.writeUInt16BE(valueBytes.length);
    // 7: a text.
    return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, Buffer.from([7]), length, valueBytes]);
  });
  const [head, body] = [Buffer.concat(texts), Buffer.from(payload)];
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const rest = Buffer.concat([prelude, head, body]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(rest));
  return Buffer.concat([rest, checksum]);
}

/** A part of a model's answer, as InvokeModelWithResponseStream sends it. */
export function chunkFrame(event: Readonly<Record<string, unknown>>): Buffer {
  const headers = { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' };
  const bytes = Buffer.from(JSON.stringify(event)).toString('base64');
  return frame(headers, JSON.stringify({ bytes, p: 'abcdefgh' }));
}

/** An error in the middle of a stream. */
export function exceptionFrame(name: string, text: string): Buffer {
  const headers = { ':exception-type': name, ':content-type': 'application/json', ':message-type': 'exception' };
  return frame(headers, JSON.stringify({ message: text }));
}
