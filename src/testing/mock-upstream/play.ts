import type { ServerResponse } from 'node:http';
import type { Behaviour } from './behaviour.ts';

/** The two bodies that a behaviour may need: they depend on what was asked. */
export interface Bodies {
  readonly good: unknown;
  readonly empty: unknown;
  readonly error: (status: number) => unknown;
}

/** What is left to do once it is known what was asked. */
export type Played = Exclude<Behaviour, { readonly kind: 'reject' | 'hold' }>;

/** Plays one behaviour on one response. */
export function play(response: ServerResponse, behaviour: Played, bodies: Bodies): void {
  switch (behaviour.kind) {
    case 'ok':
      return send(response, { status: 200, body: bodies.good, headers: behaviour.headers });
    case 'status': {
      const body = behaviour.body ?? bodies.error(behaviour.status);
      return send(response, { status: behaviour.status, body, headers: behaviour.headers });
    }
    case 'slow':
      return later(response, behaviour.ms, () => send(response, { status: 200, body: bodies.good }));
    case 'hang':
      return undefined;
    case 'stall':
      return startBody(response, '{"id":"mo');
    case 'drip':
      return drip(response, behaviour.everyMs);
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'malformed':
      return send(response, { status: 200, body: '<html>bad gateway</html>' });
    case 'empty':
      return send(response, { status: 200, body: bodies.empty });
    case 'oversized':
      return outgrow(response, behaviour.bytes);
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends an answer whole: text as it is, everything else as JSON. */
export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { ...type, ...headers }).end(text);
}

function startBody(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(text);
}

function later(response: ServerResponse, ms: number, run: () => void): void {
  const timer = setTimeout(run, ms);
  response.once('close', () => clearTimeout(timer));
}

function drip(response: ServerResponse, everyMs: number): void {
  startBody(response, '{');
  const timer = setInterval(() => response.write(' '), everyMs);
  response.once('close', () => clearInterval(timer));
}

// Writes only as fast as the caller reads, so that a caller that gives up early is seen to have read little.
function outgrow(response: ServerResponse, bytes: number): void {
  const chunk = 'x'.repeat(16_384);
  startBody(response, '{"id":"');
  let written = 0;
  const more = (): void => {
    while (written < bytes && !response.destroyed) {
      written += chunk.length;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end('"}');
  };
  more();
}
