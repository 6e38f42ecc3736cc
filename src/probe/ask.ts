import type { TargetConfig } from '../config/index.ts';
import type { Failure, Level } from '../health/index.ts';
import { gradeAnswer, gradeError, readListing } from '../openai/index.ts';
import type { Grade, Usage, WireAnswer } from '../openai/index.ts';
import type { Random } from '../ports/index.ts';
import { endpointOf } from '../providers/index.ts';
import type { Answer, Fault, Transport } from '../upstream/index.ts';
import { apiOf, probeBody, promptOf } from './probe-body.ts';

/** What one question brought, before it is judged whose fault it was. */
export type Found =
  | Fault
  | {
      readonly kind: 'graded';
      readonly failure: Failure | undefined;
      readonly usage: Usage;
      readonly headers: Readonly<Record<string, string>>;
      readonly latencyMs: number;
    };

export interface AskInput {
  readonly target: TargetConfig;
  readonly transport: Transport;
  readonly random: Random;
  /** Marks the request as a probe. */
  readonly userAgent: string;
  /** Now, for dates in headers. */
  readonly wallMs: number;
  readonly signal: AbortSignal;
}

/** One level's question, and how its answer is read. */
export const askers: Readonly<Record<Level, (input: AskInput) => Promise<Found>>> = {
  connect: async ({ target, transport, signal }) => {
    const found = await transport.connect({ url: new URL(target.apiBase), connectMs: CONNECT_MS }, signal);
    return found.kind === 'fault'
      ? found
      : graded({ kind: 'ok', usage: {} }, { headers: {}, latencyMs: found.latencyMs });
  },

  models: async (input) => {
    const found = await send(input, 'models', undefined);
    return found.kind === 'fault' ? found : graded(gradeListing(found, input), found);
  },

  inference: async (input) => {
    const { target, random, wallMs } = input;
    const api = apiOf(target);
    if (api === undefined) throw new Error(`no call for mode ${target.mode}`);
    const found = await send(input, api, JSON.stringify(probeBody(target, promptOf(target, random))));
    return found.kind === 'fault' ? found : graded(gradeAnswer(found, api, wallMs), found);
  },
};

/** Whoever does not take a connection for this long is not there, however patient the probe is. */
const CONNECT_MS = 10_000;
const IDLE_MS = 15_000;
/** A probe asks for a few words. More than this is not read, and so not waited for. */
const MOST_BYTES = 256 * 1024;
const MOST_LISTING_BYTES = 2 * 1024 * 1024;

function send(
  { target, transport, userAgent, signal }: AskInput,
  api: Parameters<typeof endpointOf>[1],
  body: string | undefined,
): Promise<Answer | Fault> {
  const { url, headers } = endpointOf(target, api);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return transport.request(
    {
      method: body === undefined ? 'GET' : 'POST',
      url,
      headers: { accept: 'application/json', ...type, ...headers, 'user-agent': userAgent },
      ...(body === undefined ? {} : { body }),
      connectMs: CONNECT_MS,
      idleMs: IDLE_MS,
      maxBytes: api === 'models' ? MOST_LISTING_BYTES : MOST_BYTES,
    },
    signal,
  );
}

/** The model must be in the list, as far as the list can be trusted to be one of callable names, and whole. */
function gradeListing(answer: WireAnswer, { target, wallMs }: AskInput): Grade {
  const { status } = answer;
  if (status === 404 || status === 405 || status === 501) {
    // About the list, not about the model.
    return failed({ class: 'bad-probe', status, message: `answered ${status}: it has no list of models to ask for` });
  }
  if (status < 200 || status > 299) return gradeError(answer, wallMs);
  if (answer.extent === 'cut') return { kind: 'ok', usage: {} };
  const listing = readListing(answer.text);
  if (listing.kind === 'malformed') {
    return failed({ class: 'server', status, message: `answered ${status}, but: ${listing.why}` });
  }
  // Azure lists base models, not the names of deployments; a wildcard is no name.
  const unnamed = target.wire === 'azure' || target.upstreamModel.includes('*') || listing.extent === 'part';
  if (unnamed || listing.ids.some((id) => isNamed(id, target.upstreamModel))) return { kind: 'ok', usage: {} };
  return failed({ class: 'not-found', status, message: `${target.upstreamModel} is not in the list of models` });
}

// Some list their models with a path in front.
function isNamed(id: string, model: string): boolean {
  return id === model || id.endsWith(`/${model}`);
}

function failed(failure: Failure): Grade {
  return { kind: 'failed', failure };
}

function graded(grade: Grade, { headers, latencyMs }: Pick<Answer, 'headers' | 'latencyMs'>): Found {
  const failure = grade.kind === 'failed' ? grade.failure : undefined;
  return { kind: 'graded', failure, usage: grade.kind === 'ok' ? grade.usage : {}, headers, latencyMs };
}
