/** Documentation of a key, beside the values that it accepts. */
export interface KeyDoc {
  /** Used if the key is absent; `required` if it must be there, '' if nothing is used. */
  readonly default: string;
  readonly meaning: string;
}

/** By key. */
export type BlockDocs = Readonly<Record<string, KeyDoc>>;

/** By block, named as in the table of known keys. */
export type KeyDocs = Readonly<Record<string, BlockDocs>>;
