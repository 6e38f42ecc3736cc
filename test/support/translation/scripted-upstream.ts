import { localServer, sendJson } from './local-server.ts';
import type { LocalServer } from './local-server.ts';

/** What a scripted upstream does with one request. */
export type ScriptedAnswer =
  | { readonly kind: 'answer'; readonly body: Record<string, unknown> }
  | { readonly kind: 'error'; readonly status: number; readonly body: unknown }
  /** A stream that ends after so many events, by the end of the connection. */
  | { readonly kind: 'cut'; readonly body: Record<string, unknown>; readonly events: number }
  /** A stream with an error event after so many events. */
  | {
      readonly kind: 'error-within';
      readonly body: Record<string, unknown>;
      readonly events: number;
      readonly error: string;
    };

export interface ScriptedUpstream extends LocalServer {
  /** Bodies of the requests so far. */
  readonly requests: readonly Record<string, unknown>[];
  next(...answers: readonly ScriptedAnswer[]): void;
}

export interface WireOfUpstream {
  readonly path: string;
  /** The answer as the events of a stream, each as it goes over the wire. */
  readonly events: (body: Record<string, unknown>, request: Record<string, unknown>) => readonly string[];
  /** What the API would refuse in a request: the texts of its 400. */
  readonly problems: (request: Record<string, unknown>) => readonly string[];
  readonly refusal: (message: string) => unknown;
}

/** An upstream that gives its answers in order, as a stream where the request asks for one. */
export async function scriptedUpstream(wire: WireOfUpstream): Promise<ScriptedUpstream> {
  const requests: Record<string, unknown>[] = [];
  const script: ScriptedAnswer[] = [];
  const server = await localServer(({ path, body }, response) => {
    if (path !== wire.path) return sendJson(response, 404, wire.refusal(`no such path: ${path}`));
    requests.push(body);
    const problems = wire.problems(body);
    if (problems.length > 0) return sendJson(response, 400, wire.refusal(problems.join('; ')));
    const answer = script.shift();
    if (answer === undefined) return sendJson(response, 500, wire.refusal('the script has no further answer'));
    if (answer.kind === 'error') return sendJson(response, answer.status, answer.body);
    if (body['stream'] !== true) return sendJson(response, 200, answer.body);
    const events = wire.events(answer.body, body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const sent = answer.kind === 'answer' ? events : events.slice(0, answer.events);
    response.end([...sent, ...(answer.kind === 'error-within' ? [answer.error] : [])].join(''));
  });
  return { ...server, requests, next: (...answers) => void script.push(...answers) };
}
