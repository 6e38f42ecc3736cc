import type { IncomingMessage } from 'node:http';
import type { SeenRequest } from './counts.ts';

/** Reads a request to its end. A body that is no JSON stays text; an absent one is null. */
export async function receive(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const body = parsed(Buffer.concat(chunks).toString('utf8'));
  return { method: request.method ?? '', path: request.url ?? '', headers, body };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
