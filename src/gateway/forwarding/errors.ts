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
    return JSON.stringify({ type: 'error', error: { type: anthropicType(status), message } });
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

function anthropicType(status: number): string {
  return ANTHROPIC_TYPES.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}

const ANTHROPIC_TYPES: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);
