import type { Failure } from '../../health/index.ts';
import type { WireError } from './wire-error.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly extent: 'whole' | 'cut';
}

/** Tokens as the upstream counted them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** What the body of a 200 turned out to be. */
export type CheckedAnswer =
  | { readonly kind: 'good'; readonly usage: Usage }
  /** A 200 that holds an error, as gateways send it. */
  | { readonly kind: 'error'; readonly error: WireError }
  | { readonly kind: 'malformed'; readonly why: string };

export type Grade =
  | { readonly kind: 'ok'; readonly usage: Usage }
  /** The message is the upstream's own and not redacted. */
  | { readonly kind: 'failed'; readonly failure: Failure };
