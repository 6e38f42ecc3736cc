import { z } from 'zod';
import { errorSchema, faultsSchema } from '../api/index.ts';
import type { Answer, Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The routes as an OpenAPI 3.1 document. Answers common to a kind of route (missing key, wrong
 * input) are added here, so that the table does not repeat them.
 *
 * @example
 * openapiDocument([], '0.1.0')['openapi'] // '3.1.0'
 */
export function openapiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    for (const [at, path] of route.paths.entries()) {
      paths[path] ??= {};
      paths[path][route.method.toLowerCase()] = operationOf(route, at);
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'allswell',
      version,
      description: 'LLM gateway whose pods share health: one probe per upstream and fleet.',
    },
    tags: [...new Set(routes.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        xApiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        apiKey: { type: 'apiKey', in: 'header', name: 'api-key' },
        drainToken: { type: 'apiKey', in: 'header', name: 'X-Drain-Token' },
      },
    },
  };
}

/** All answers of a route, including the common ones, in the order of their statuses. */
export function answersOf({ auth, query, body, answers }: Route): readonly (readonly [status: number, Answer])[] {
  const keyed = auth !== 'none' && auth !== 'token';
  const implied: Record<number, Answer> = {
    ...(keyed && { 401: { when: 'the key is missing or wrong', schema: errorSchema } }),
    ...(keyed && { 403: { when: 'the key may not use this route', schema: errorSchema } }),
    ...(body !== undefined && {
      400: { when: 'the body is not JSON, or exceeds a limit', schema: errorSchema },
      413: { when: 'the body is larger than 1 MiB', schema: errorSchema },
    }),
    ...((query !== undefined || body !== undefined) && {
      422: { when: 'the input has the wrong shape', schema: faultsSchema },
    }),
  };
  // Numeric keys come in their order.
  return Object.entries({ ...implied, ...answers }).map(([status, answer]) => [Number(status), answer] as const);
}

/** Parameters of a query with what they mean. */
export function queryOf({ query }: Route): readonly { name: string; required: boolean; schema: Json }[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => {
    return { name, required: required.includes(name), schema: schema as Json };
  });
}

function operationOf(route: Route, alias: number): Json {
  const { name, group, summary, params = {}, rawBody, body = rawBody, bodyType = 'application/json', auth } = route;
  const inPath = Object.entries(params).map(([param, description]) => {
    return { name: param, in: 'path', required: true, description, schema: { type: 'string' } };
  });
  const inQuery = queryOf(route).map(({ name: param, required, schema: { description, ...schema } }) => {
    return { name: param, in: 'query', required, ...(description !== undefined && { description }), schema };
  });
  return {
    operationId: alias === 0 ? name : `${name}${alias + 1}`,
    tags: [group],
    summary,
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { [bodyType]: { schema: schemaOf(body, 'input') } } },
    }),
    responses: Object.fromEntries(answersOf(route).map(([status, answer]) => [status, responseOf(answer)])),
    security: securityOf[auth],
  };
}

const securityOf: Readonly<Record<Route['auth'], readonly Json[]>> = {
  none: [],
  any: [{ bearer: [] }, { xApiKey: [] }, { apiKey: [] }],
  admin: [{ bearer: [] }, { xApiKey: [] }, { apiKey: [] }],
  events: [{ bearer: [] }, { xApiKey: [] }, { apiKey: [] }],
  metrics: [{}, { bearer: [] }, { xApiKey: [] }, { apiKey: [] }],
  up: [{}, { bearer: [] }, { xApiKey: [] }, { apiKey: [] }],
  token: [{ drainToken: [] }],
};

function responseOf({ when, schema, type = 'application/json', otherType }: Answer): Json {
  const description = when;
  const string = { schema: { type: 'string' } };
  const other = otherType === undefined ? {} : { [otherType]: string };
  if (schema !== undefined) {
    return { description, content: { [type]: { schema: schemaOf(schema, 'output') }, ...other } };
  }
  return type === 'application/json' ? { description } : { description, content: { [type]: string } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: withoutTimePattern,
  });
  return rest;
}

/** The format says it; the pattern of a time is a page long. */
function withoutTimePattern({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
