import { z } from 'zod';
import { answerOutcomes } from '../../ports/index.ts';
import type { FromWorker } from './messages.ts';

// What a worker sends is checked before it is used: a worker out of its mind must not take the primary process along.

const MAX_ITEMS = 10_000;
const count = z.number().nonnegative();
const name = z.string().max(2_000);
const failureClass = z.enum(['network', 'timeout', 'server', 'overloaded', 'quota', 'auth', 'not-found', 'bad-probe']);
const histogram = z.object({ counts: z.array(count).max(100), sum: count });

const failure = z.object({
  class: failureClass,
  message: name,
  status: z.number().int().optional(),
  phase: z.literal('connect').optional(),
  retryAfterMs: count.optional(),
});

const report = z.object({
  target: name,
  at: z.number().int(),
  ok: z.boolean(),
  failure: failure.optional(),
  latencyMs: count,
  verdict: z.enum(['success', 'degraded', 'suspect']),
  witness: name,
});

const group = z.object({
  name,
  ends: z.array(z.tuple([z.enum(answerOutcomes), z.number().int().min(100).max(999), count])).max(5_000),
  durations: histogram,
  firstBytes: histogram,
  failovers: count,
  panics: count,
  unroutable: count,
  unplaced: z.array(z.tuple([z.enum(['over-limit', 'no-deployment']), count])).max(10),
  retriesRefused: count,
});

const deployment = z.object({
  id: name,
  group: name,
  results: z.array(z.tuple([z.enum([...failureClass.options, 'success', 'caller-fault', 'neutral']), count])).max(100),
  input: count,
  output: count,
  abandoned: count,
});

const running = z.object({ deployment: name, group: name, count });

const refusal = z.enum([
  'no-key',
  'wrong-key',
  'forbidden',
  'in-flight',
  'buffered-bytes',
  'too-large',
  'malformed',
  'unknown-model',
  'not-callable',
  'client-left',
]);

const counts = z.object({
  groups: z.array(group).max(MAX_ITEMS),
  deployments: z.array(deployment).max(MAX_ITEMS),
  refusals: z.array(z.tuple([refusal, count])).max(100),
});

const use = z.object({ requests: count, tokens: z.number(), inFlight: count, refused: count, refusedTokens: count });

const batch = z.object({
  kind: z.literal('batch'),
  reports: z.array(report).max(MAX_ITEMS),
  counts: counts.optional(),
  uses: z.array(z.tuple([name, use])).max(MAX_ITEMS),
  appliedShares: count,
  inFlight: count,
  running: z.array(running).max(MAX_ITEMS),
  dropped: count,
  residentBytes: count,
  cpuS: count,
  answers: z.number().int().optional(),
});

const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('listening') }),
  z.object({ kind: z.literal('applied') }),
  batch,
]);

/** A worker's message, or why it is none: one line. */
export type ReadMessage =
  | { readonly kind: 'message'; readonly message: FromWorker }
  | { readonly kind: 'invalid'; readonly why: string };

/** Reads a message of a worker. */
export function readMessage(received: unknown): ReadMessage {
  const read = message.safeParse(received);
  if (read.success) return { kind: 'message', message: read.data as FromWorker };
  const [issue] = read.error.issues;
  return { kind: 'invalid', why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a message'}` };
}
