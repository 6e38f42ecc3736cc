import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Answers requests on the byte path, before the router sees them. It decides by method and path, resolves true when its
 * answer has ended, and answers false without a touch on either object where the request is another handler's.
 */
export type HotHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean | Promise<boolean>;
