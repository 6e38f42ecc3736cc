/** One worker's part of one limit. */
export interface Holder {
  /** What it may use, as it was sent last. */
  granted: number;
  /** The most it may still take itself to have, until it has applied a smaller part. */
  unconfirmed: number;
  /** What it used of the limit by its last word. */
  used: number;
  /** It refused a request since it was given something. */
  isHungry: boolean;
}

/** What a holder can use at most, or has used: together never more than the limit. */
export function claimOf({ granted, unconfirmed, used }: Holder): number {
  return Math.max(granted, unconfirmed, used);
}

/**
 * The next parts of a limit, in the order of the holders. A part grows only by what no holder claims; a part that shrinks stays
 * claimed until its holder has applied it, so it takes two calls to move something. `spent`: used by processes that have ended.
 *
 * @example
 * divide(3, [{ granted: 3, unconfirmed: 0, used: 1, isHungry: false }, { granted: 0, unconfirmed: 0, used: 0, isHungry: true }], 0)
 * // [2, 0]
 */
export function divide(limit: number, holders: readonly Holder[], spent: number): number[] {
  const parts = holders.map(({ granted }) => granted);
  const free = limit - spent - holders.reduce((sum, one) => sum + claimOf(one), 0);
  if (free < 0) return shrinkBy(-free, holders);
  const hungry = holders.flatMap((one, at) => (one.isHungry ? [at] : []));
  if (free > 0) return growBy(free, parts, { holders, growing: hungry });
  if (hungry.length === 0) return parts;
  return holders.map(giveUp);
}

/** Half of what is not used, one step at a time. */
function giveUp({ granted, unconfirmed, used, isHungry }: Holder): number {
  if (isHungry || unconfirmed > granted) return granted;
  return granted - Math.ceil(spareOf(granted, used) / 2);
}

function spareOf(granted: number, used: number): number {
  return Math.max(0, granted - used);
}

/** Where the limit became smaller: unused parts first, then all of them. */
function shrinkBy(excess: number, holders: readonly Holder[]): number[] {
  let left = excess;
  const parts = holders.map(({ granted, used }) => {
    const cut = Math.min(left, spareOf(granted, used));
    left -= cut;
    return granted - cut;
  });
  // What is used already is used; it is just not used again.
  return parts.map((part) => {
    const cut = Math.min(left, part);
    left -= cut;
    return part - cut;
  });
}

interface Growing {
  readonly holders: readonly Holder[];
  /** Those that refuse requests; none: the free part is for all. */
  readonly growing: readonly number[];
}

/** Equal parts, the first ones greater by one; first for those with the least. */
function growBy(free: number, parts: readonly number[], { holders, growing }: Growing): number[] {
  const takers = growing.length > 0 ? growing : parts.map((_, at) => at);
  const inOrder = takers.toSorted((a, b) => (parts[a] ?? 0) - (parts[b] ?? 0));
  const grown = [...parts];
  inOrder.forEach((at, order) => {
    const more = Math.floor(free / inOrder.length) + (order < free % inOrder.length ? 1 : 0);
    const holder = holders[at];
    // A part below what is claimed grows within the claim for nothing; beyond it by what is free.
    if (holder !== undefined && more > 0) grown[at] = claimOf(holder) + more;
  });
  return grown;
}
