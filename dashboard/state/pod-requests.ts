/** Address of the pod: the dashboard is always at `<pod>/ui/`. */
export const podUrl = new URL('..', globalThis.location.href.split('#', 1)[0]).href.replace(/\/$/, '');

/** A pod's answer that is no success, or none. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** HTTP status; null without an answer. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.status = status;
  }
}

const ANSWER_MS = 30_000;

/** Sends one request and reads the JSON of its answer. Rejects with a {@link RequestError}. */
export async function request<Body>(path: string, key: string | undefined, init: RequestInit = {}): Promise<Body> {
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
  if (init.body !== undefined) headers.set('content-type', 'application/json');
  let answer: Response;
  try {
    answer = await fetch(podUrl + path, { signal: AbortSignal.timeout(ANSWER_MS), ...init, headers });
  } catch (error) {
    throw new RequestError(`The pod did not answer: ${error instanceof Error ? error.message : String(error)}`, null);
  }
  const text = await answer.text();
  if (!answer.ok) throw new RequestError(problemIn(text) ?? `HTTP ${answer.status}`, answer.status);
  return JSON.parse(text) as Body;
}

/** The sentence of an error's body, in any of the shapes that pods send. */
function problemIn(text: string): string | undefined {
  try {
    const { detail, error } = JSON.parse(text) as { readonly detail?: unknown; readonly error?: unknown };
    return sentenceIn(error) ?? sentenceIn(detail);
  } catch {
    return undefined;
  }
}

function sentenceIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.flatMap((one) => sentenceIn(one) ?? []).join('; ');
  if (typeof value !== 'object' || value === null) return undefined;
  const { message, error, msg, loc } = value as Readonly<Record<string, unknown>>;
  const at = Array.isArray(loc) ? `${loc.slice(1).join('.')}: ` : '';
  return typeof msg === 'string' ? at + msg : (sentenceIn(message) ?? sentenceIn(error));
}
