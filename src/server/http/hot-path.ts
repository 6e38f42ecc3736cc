import type { IncomingMessage, ServerResponse } from 'node:http';
import { detailAnswer, securityHeaders } from '../../http/index.ts';
import type { HotHandler, Traffic } from '../../http/index.ts';
import type { Logger } from '../../ports/index.ts';

export interface HotPathParts {
  /** In calling order. Read for each request, because a reload may replace them. */
  readonly handlers: () => readonly HotHandler[];
  /** Counts a request until its answer has ended, so that a drain waits for streams. */
  readonly traffic: Traffic;
  readonly logger: Logger;
}

/** Calls the handlers of the byte path in order. Returns false if none answers. */
export function createHotPath({ handlers, traffic, logger }: HotPathParts): HotHandler {
  return (incoming, outgoing) => {
    const asked = handlers();
    if (asked.length === 0) return false;
    return traffic.during(async () => {
      try {
        return await firstOf(asked, incoming, outgoing);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const path = incoming.url?.split('?', 1)[0];
        logger.error(`A request failed: ${incoming.method} ${path}: ${why}. To fix: report it with allswell diagnose`);
        await fail(outgoing);
        return true;
      }
    });
  };
}

/** Sets LiteLLM's security headers before the handler is called. Forwarding sends them with its own: Node writes one object faster. */
export function withSecurityHeaders(handler: HotHandler): HotHandler {
  return (incoming, outgoing) => {
    for (const [name, value] of securityHeaders) outgoing.setHeader(name, value);
    return handler(incoming, outgoing);
  };
}

/** Calls `run` when a handler takes its first request. One that it refuses at once does not count. */
export function whenFirstAnswers(handler: HotHandler, run: () => void): HotHandler {
  let hasRun = false;
  return (incoming, outgoing) => {
    const answered = handler(incoming, outgoing);
    if (!hasRun && typeof answered !== 'boolean') {
      hasRun = true;
      run();
    }
    return answered;
  };
}

async function firstOf(
  handlers: readonly HotHandler[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<boolean> {
  for (const handler of handlers) {
    const answered = handler(incoming, outgoing);
    // oxlint-disable-next-line no-await-in-loop -- the next one is asked only where this one declines
    if (typeof answered === 'boolean' ? answered : await answered) return true;
  }
  return false;
}

/** Sends the router's answer to an internal error. If part of an answer was sent, closes the connection instead. */
async function fail(outgoing: ServerResponse): Promise<void> {
  if (outgoing.headersSent) {
    outgoing.destroy();
    return;
  }
  const answer = detailAnswer(500, 'Internal Server Error');
  // Otherwise body bytes that the handler left unread would be parsed as the next request.
  const headers = { ...Object.fromEntries(securityHeaders), ...Object.fromEntries(answer.headers) };
  outgoing.writeHead(answer.status, { ...headers, connection: 'close' });
  outgoing.end(await answer.text());
}
