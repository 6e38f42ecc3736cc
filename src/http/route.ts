import type { z } from 'zod';
import type { Caller } from './caller.ts';
import type { RawRequest } from './raw-request.ts';

/**
 * Who may ask. `any`: every valid key, a scoped one for its models. `metrics` and `up`: as the configuration says. `token`: a
 * token of the route's own.
 */
export type Auth = 'none' | 'any' | 'admin' | 'events' | 'metrics' | 'up' | 'token';

/** One answer of a route, by its status. */
export interface Answer {
  readonly when: string;
  /** Of a JSON body. Absent for other media types, or where the body is empty. */
  readonly schema?: z.ZodType;
  /** `application/json` where absent. */
  readonly type?: string;
  /** Media type of the answer without a schema that the query may ask for instead. Absent: none. */
  readonly otherType?: string;
}

/** What one route promises: the single source of routing, checks of the input, the reference page and `/openapi.json`. */
export interface Route<Query = unknown, Body = unknown> {
  /** Short and unique, in camel case. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS';
  /** With `{name}` for what varies; at the end it may hold slashes. The first is the one to use, others are as good. */
  readonly paths: readonly [string, ...string[]];
  /** The parameter that may hold slashes though it is not at the end; only fixed text comes after it. */
  readonly slashesIn?: string;
  readonly auth: Auth;
  /** Heading of the reference page, tag of the OpenAPI document. */
  readonly group: string;
  readonly summary: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Of a body that the handler reads and checks by itself; for the OpenAPI document only. */
  readonly rawBody?: z.ZodType;
  /** Media type of {@link rawBody}; `application/json` where absent. */
  readonly bodyType?: string;
  readonly answers: Readonly<Record<number, Answer>>;
}

/**
 * One request that has passed the checks of its route, and the request as it was sent. Its bytes are there for routes with
 * and without a schema of the body.
 */
export interface Call<Query = unknown, Body = unknown> extends RawRequest {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
}

/** A route with what answers it. */
export interface BoundRoute {
  readonly route: Route;
  readonly handle: (call: Call) => Response | Promise<Response>;
  /** Takes the reason why a caller was not admitted. */
  readonly denied?: (why: string) => void;
}

/** Ties a handler to its route; the types of the input come from the route's schemas. */
export function bind<Query, Body>(
  route: Route<Query, Body>,
  handle: (call: Call<Query, Body>) => Response | Promise<Response>,
): BoundRoute {
  // Input reaches the handler only after the route's own schemas have made it what it claims to be.
  return { route, handle: handle as BoundRoute['handle'] };
}
