/** Something that must never be. */
export class Violation extends Error {}

/** Counts how often a check had something to look at, by name: a check that never bites proves nothing. */
export type Checked = (name: string) => void;
