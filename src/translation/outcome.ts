import type { JsonBody } from '../providers/wire/index.ts';
import type { TokenCounts } from './usage.ts';

/** A request in the format of the upstream, or why there is none. `notes` is for the translation of the answer. */
export type Translation<Notes> =
  | {
      readonly kind: 'translated';
      readonly body: JsonBody;
      /** Fields of the request that were left out, because the upstream's format has none for them. */
      readonly dropped: readonly string[];
      readonly notes: Notes;
    }
  | Unsupported
  | Invalid;

/** An answer in the format of the client, or why the upstream's answer is not one. */
export type AnswerTranslation =
  | { readonly kind: 'translated'; readonly body: JsonBody; readonly usage: TokenCounts }
  | { readonly kind: 'malformed'; readonly why: string };

/** The request is valid, and the upstream's format cannot express `field`. */
export interface Unsupported {
  readonly kind: 'unsupported';
  readonly field: string;
  readonly why: string;
  /** What Anthropic's error body says of it in `details`, for clients that act on it. */
  readonly details?: JsonBody;
}

/** The request breaks its own format at `path`. */
export interface Invalid {
  readonly kind: 'invalid';
  readonly path: string;
  readonly why: string;
}

/** LiteLLM's `drop_params`: `drop` leaves a field without a counterpart out, `refuse` answers 400. */
export type UnsupportedFields = 'drop' | 'refuse';

/** Collects what the parts of one translation find. The first finding decides. */
export interface TranslationFindings {
  /** A parameter without a counterpart: dropped under `drop`. */
  unsupported(field: string, why: string): void;
  /** Content without a counterpart. Leaving it out would change the question, so it is refused under `drop` too. */
  untranslatable(field: string, why: string, details?: JsonBody): void;
  invalid(path: string, why: string): void;
  conclude<Notes>(body: JsonBody, notes: Notes): Translation<Notes>;
}

export function createFindings(mode: UnsupportedFields): TranslationFindings {
  const dropped: string[] = [];
  let problem: Unsupported | Invalid | undefined;
  return {
    unsupported: (field, why) => {
      if (mode === 'drop') dropped.push(field);
      else problem ??= { kind: 'unsupported', field, why };
    },
    untranslatable: (field, why, details) => {
      problem ??= { kind: 'unsupported', field, why, ...(details === undefined ? {} : { details }) };
    },
    invalid: (path, why) => {
      problem ??= { kind: 'invalid', path, why };
    },
    conclude: (body, notes) => problem ?? { kind: 'translated', body, dropped, notes },
  };
}
