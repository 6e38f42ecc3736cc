import type { ServerResponse } from 'node:http';
import type { AnswerHeaders } from './answer-headers.ts';
import { addSecurityHeaders } from './answer-headers.ts';
import { errorBody } from './errors.ts';
import type { ClientError, ClientWire } from './errors.ts';

export interface SentError {
  readonly wire: ClientWire;
  readonly error: ClientError;
  readonly headers?: AnswerHeaders;
}

/** Answers with an error. Does nothing where the client left. */
export function sendError(outgoing: ServerResponse, { wire, error, headers = {} }: SentError): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  const text = Buffer.from(error.body ?? errorBody(wire, error));
  const { status, retryAfterS } = error;
  const sent: AnswerHeaders = { ...headers, 'content-type': 'application/json', 'content-length': text.length };
  addSecurityHeaders(sent);
  if (retryAfterS !== undefined) sent['retry-after'] = retryAfterS;
  outgoing.writeHead(status, sent);
  outgoing.end(text);
}
