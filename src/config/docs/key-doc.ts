/** What a person wants to know of a key beside the values it takes. */
export interface KeyDoc {
  /** What holds where the key is absent; '' where it is required or nothing holds. */
  readonly default: string;
  readonly meaning: string;
}

/** By key. */
export type BlockDocs = Readonly<Record<string, KeyDoc>>;

/** By block, named as in the table of known keys. */
export type KeyDocs = Readonly<Record<string, BlockDocs>>;
