import { anthropicError } from '../../translation/index.ts';

/** Wire of the client: decides the shape of errors. */
export type ClientWire = 'openai' | 'responses' | 'anthropic';

/** An error as the client gets it. */
export interface ClientError {
  readonly status: number;
  readonly message: string;
  /** OpenAI's `type`, in LiteLLM's words. */
  readonly type: string;
  readonly param?: string | null;
  /** Seconds; sent as `Retry-After`. */
  readonly retryAfterS?: number;
  /** An upstream's own body, redacted; it replaces the envelope. */
  readonly body?: string;
}

/** Body of an error answer in the envelope of the client's wire. */
export function errorBody(wire: ClientWire, { status, message, type, param = null }: ClientError): string {
  if (wire === 'anthropic') {
    return JSON.stringify(anthropicError(status, message));
  }
  return JSON.stringify({ error: { message, type, param, code: String(status) } });
}

/** The event that ends a stream with an error. Clients raise it; nothing follows it, `[DONE]` least of all. */
export function errorEvent(wire: ClientWire, error: ClientError): string {
  if (wire === 'responses') {
    const { status, message, param = null } = error;
    const body = { type: 'error', code: String(status), message, param };
    return `event: error\ndata: ${JSON.stringify(body)}\n\n`;
  }
  const name = wire === 'anthropic' ? 'event: error\n' : '';
  return `${name}data: ${errorBody(wire, error)}\n\n`;
}
