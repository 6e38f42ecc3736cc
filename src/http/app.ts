import { Hono } from 'hono';
import type { Logger } from '../ports/index.ts';
import { authError, detailAnswer, methodNotAllowed, notFound } from './answers.ts';
import { EVERYBODY } from './caller.ts';
import type { Caller, Identify } from './caller.ts';
import { readInput } from './input.ts';
import { rawRequestOf } from './raw-request.ts';
import type { Auth, BoundRoute, Route } from './route.ts';
import { secured } from './secured.ts';
import type { Traffic } from './traffic.ts';

/** Answers one request. `peer`: address that it came from. */
export type Handle = (request: Request, peer?: string) => Response | Promise<Response>;

export interface AppOptions {
  readonly routes: readonly BoundRoute[];
  /** Routes that are answered before the router: of these it gets other methods only, and answers 405. Default: none. */
  readonly elsewhere?: readonly Pick<Route, 'method' | 'paths'>[];
  readonly identify: Identify;
  readonly metricsAuth: 'none' | 'key';
  readonly upAuth: 'none' | 'key';
  readonly traffic: Traffic;
  readonly logger: Logger;
}

/** All routes of a pod behind one door: key, method, size and input are checked here, before any handler. */
export function createApp(options: AppOptions): Handle {
  const { routes, elsewhere = [], identify, traffic, logger } = options;
  const app = new Hono<{ Bindings: { readonly peer?: string } }>();
  const methods = methodsOf(elsewhere);
  for (const bound of routes) {
    const { method, paths, slashesIn } = bound.route;
    const wanted = wantedBy(bound.route, options);
    for (const { path, paramsOf } of paths.map((one) => matcherOf(one, slashesIn))) {
      methods.set(path, [...(methods.get(path) ?? []), method]);
      app.on(method, path, async ({ req, env }) => {
        const given = await answer(bound, { request: req.raw, peer: env.peer, params: paramsOf(req.param()), wanted });
        return wanted === 'none' ? given : notStored(given);
      });
    }
  }
  // The first that fits answers, and `/fleet/targets/{id}` fits all that stands behind it, too.
  const named = [...methods].toSorted(([a], [b]) => Number(a.endsWith('}')) - Number(b.endsWith('}')));
  const isKnown = pathMatcher([...methods.keys()]);
  for (const [path, allowed] of named) {
    const refusal = () => methodNotAllowed(allowed.toSorted().join(', '));
    // The right method at a path with parameters that no endpoint has: `/engines/gpt-4o/nothing`.
    app.all(path, ({ req }) => {
      return otherSlash(req.url, isKnown) ?? (allowed.includes(req.method) ? notFound(req.path) : refusal());
    });
  }
  app.notFound(({ req }) => otherSlash(req.url, isKnown) ?? notFound(req.path));
  app.onError(({ message }, { req }) => {
    logger.error(`A request failed: ${req.method} ${req.path}: ${message}. To fix: report it with allswell diagnose`);
    return detailAnswer(500, 'Internal Server Error');
  });

  async function answer({ route, handle, denied }: BoundRoute, asked: Asked): Promise<Response> {
    const { request, peer, params, wanted } = asked;
    const caller = admitted(identify, request, wanted);
    if ('why' in caller) {
      denied?.(caller.why);
      return caller.answer;
    }
    if (caller.role === 'admin' && caller.name === EVERYBODY && route.method !== 'GET' && isOfOtherSite(request)) {
      return detailAnswer(403, { error: 'A web page of another site may not change this fleet: set a master key' });
    }
    const raw = rawRequestOf(request, peer);
    const input = await readInput(raw, route);
    if (input.kind === 'refused') return input.answer;
    return await handle({ ...raw, caller, params, query: input.query, body: input.body });
  }
  return async (request, peer) => {
    const bindings = peer === undefined ? {} : { peer };
    return await traffic.during(async () => {
      if (request.method !== 'HEAD') return secured(await app.fetch(request, bindings));
      const { url, headers, signal } = request;
      return secured(await withoutBody(await app.fetch(new Request(url, { headers, signal }), bindings)));
    });
  };
}

/** As LiteLLM answers a path that has a route without its last slash: 307, so that the client repeats method and body there. */
function otherSlash(url: string, isKnown: (path: string) => boolean): Response | undefined {
  const { pathname, search } = new URL(url);
  const path = pathname.replace(/\/$/, '');
  if (path === pathname || isKnown(pathname) || !isKnown(path)) return undefined;
  return new Response(null, { status: 307, headers: { location: `${path}${search}` } });
}

/** Tells whether a path fits one of the router's patterns. Those that end with any text take a last slash, too. */
function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const forms = patterns
    .filter((pattern) => !pattern.endsWith('}'))
    .map((pattern) => new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll(/:\w+/g, '[^/]+')}$`));
  return (path) => forms.some((form) => form.test(path));
}

/** Allowed methods by path. */
function methodsOf(routes: NonNullable<AppOptions['elsewhere']>): Map<string, string[]> {
  return new Map(routes.flatMap(({ method, paths }) => paths.map((path) => [matcherOf(path).path, [method]])));
}

/** What a key opens is for its bearer alone, and out of date at once: no cache on the way may keep it. */
function notStored(answer: Response): Response {
  answer.headers.set('cache-control', 'no-store');
  return answer;
}

/** What is not sent must end: a stream would wait for its reader for ever. */
async function withoutBody(answer: Response): Promise<Response> {
  await answer.body?.cancel();
  return new Response(null, answer);
}

interface Asked {
  readonly request: Request;
  readonly peer: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly wanted: Auth;
}

interface Denied {
  readonly answer: Response;
  /** Without the key. */
  readonly why: string;
}

/**
 * Browsers name the page's origin in every request that changes something. Where no key is needed, any page that an operator
 * visits could otherwise do what the operator may.
 */
function isOfOtherSite({ headers }: Request): boolean {
  const origin = headers.get('origin');
  if (origin === null) return false;
  const hosts = [headers.get('host'), headers.get('x-forwarded-host')];
  return !(URL.canParse(origin) && hosts.includes(new URL(origin).host));
}

function admitted(identify: Identify, request: Request, wanted: Auth): Caller | Denied {
  if (wanted === 'none' || wanted === 'token') return { role: 'anybody' };
  const caller = identify(request.headers);
  if (caller === 'no-key') return { answer: authError('No api key passed in.'), why: 'no API key was sent (HTTP 401)' };
  if (caller === 'wrong-key') {
    return { answer: authError('Invalid api key passed in.'), why: 'this pod does not have the API key (HTTP 401)' };
  }
  if (!mayUse(caller, wanted)) {
    const route = new URL(request.url).pathname;
    const message = `Only proxy admin can be used to generate, delete, update info for new keys/users/teams. Route=${route}. Your role=${caller.role}.`;
    return { answer: authError(message, 403), why: `the API key has the role ${caller.role} (HTTP 403)` };
  }
  return caller;
}

function wantedBy({ auth }: Route, { metricsAuth, upAuth }: AppOptions): Auth {
  if (auth === 'metrics' && metricsAuth === 'none') return 'none';
  return auth === 'up' && upAuth === 'none' ? 'none' : auth;
}

function mayUse({ role }: Caller, wanted: Auth): boolean {
  if (role === 'admin') return true;
  return role === 'scoped' ? wanted === 'any' : wanted === role;
}

interface Matcher {
  /** As Hono writes it. */
  readonly path: string;
  readonly paramsOf: (matched: Params) => Params;
}

type Params = Readonly<Record<string, string>>;

/** What varies at the end of a path may hold slashes, as names of models do, and so may `slashesIn`; elsewhere they are written as %2F. */
function matcherOf(path: string, slashesIn?: string): Matcher {
  const [before = '', after] = slashesIn === undefined ? [] : path.split(`{${slashesIn}}`);
  if (slashesIn === undefined || after === undefined || after === '') {
    return { path: honoParams(path.replace(/\{(\w+)\}$/, ':$1{[\\s\\S]+}')), paramsOf: (matched) => matched };
  }
  // Hono takes slashes only in a last part: what follows is matched as its end, and cut off.
  return {
    path: `${honoParams(before)}:${slashesIn}{[\\s\\S]+${after}}`,
    paramsOf: (matched) => ({ ...matched, [slashesIn]: (matched[slashesIn] ?? '').slice(0, -after.length) }),
  };
}

function honoParams(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
