import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { parseAccept } from 'hono/utils/accept';
import type { Exposition } from '../ports/index.ts';

const gzipAsync = promisify(gzip);

/** Shorter texts fit into one packet as they are. */
const SMALLEST_GZIPPED = 1_024;
/** Level 6 takes twice the time for a text that is a tenth smaller. */
const LEVEL = 4;

/** Answers with an exposition text, compressed off the event loop where the client accepts it. */
export async function expositionAnswer({ text, contentType }: Exposition, headers: Headers): Promise<Response> {
  const shown = { 'content-type': contentType, vary: 'Origin, accept-encoding' };
  if (text.length < SMALLEST_GZIPPED || !acceptsGzip(headers)) return new Response(text, { headers: shown });
  const body = new Uint8Array(await gzipAsync(text, { level: LEVEL }));
  return new Response(body, { headers: { ...shown, 'content-encoding': 'gzip' } });
}

function acceptsGzip(headers: Headers): boolean {
  const accepted = parseAccept(headers.get('accept-encoding') ?? '');
  const named = accepted.find(({ type }) => type.toLowerCase() === 'gzip') ?? accepted.find(({ type }) => type === '*');
  return named !== undefined && named.q > 0;
}
