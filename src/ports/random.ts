/** Randomness, injected so that a run can be repeated exactly. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `length` characters of [a-z0-9], for ids. */
  id(length: number): string;
}
