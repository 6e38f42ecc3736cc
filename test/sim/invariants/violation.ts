/** A broken invariant. */
export class Violation extends Error {}

/** Counts how often a check applied, by name: a check that never applies proves nothing. */
export type Checked = (name: string) => void;
