import { z } from 'zod';

const headers = z.record(z.string(), z.string());

/** What the mock does with a request for one model. */
export const behaviourSchema: z.ZodType<Behaviour> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ok'), headers: headers.exactOptional() }),
  z.object({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.unknown().exactOptional(),
    headers: headers.exactOptional(),
  }),
  z.object({ kind: z.literal('reject'), parameter: z.string() }),
  z.object({ kind: z.literal('slow'), ms: z.number().nonnegative() }),
  z.object({ kind: z.literal('hold') }),
  z.object({ kind: z.literal('hang') }),
  z.object({ kind: z.literal('stall') }),
  z.object({ kind: z.literal('drip'), everyMs: z.number().positive() }),
  z.object({ kind: z.literal('reset') }),
  z.object({ kind: z.literal('malformed') }),
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('oversized'), bytes: z.int().positive() }),
]);

/** How the mock answers the requests for one model. Durations in ms. */
export type Behaviour =
  | { readonly kind: 'ok'; readonly headers?: Readonly<Record<string, string>> }
  /** Any status; a `body` that is a string goes out as it is, everything else as JSON. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 400 to a body with this parameter, in OpenAI's words; a good answer to every other. */
  | { readonly kind: 'reject'; readonly parameter: string }
  /** A good answer, late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Keeps the request until the behaviour of its model changes, then answers as that says. */
  | { readonly kind: 'hold' }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Sends headers and half a body, then nothing more. */
  | { readonly kind: 'stall' }
  /** Sends one byte at a time, never silent and never done. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Resets the connection. */
  | { readonly kind: 'reset' }
  /** 200 with a body that is no JSON. */
  | { readonly kind: 'malformed' }
  /** 200 with a well-formed answer that holds nothing: no choices, no data. */
  | { readonly kind: 'empty' }
  /** 200 with a body that grows to `bytes`. */
  | { readonly kind: 'oversized'; readonly bytes: number };

/**
 * What happens on one port, whatever is asked: how one pod, which alone uses that port, loses its way.
 * `refuse` closes the listener, `drop` resets each connection, `hang` accepts and stays silent, `deny` answers 401 to
 * everything, as a proxy in between does.
 */
export type PortFault = 'none' | 'refuse' | 'drop' | 'hang' | 'deny';
/** Reads a {@link PortFault} that came over the control port. */
export const portFaultSchema: z.ZodType<PortFault> = z.enum(['none', 'refuse', 'drop', 'hang', 'deny']);
