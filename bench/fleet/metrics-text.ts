/** Samples of one scrape, by name and labels as Prometheus writes them. */
export type Samples = ReadonlyMap<string, number>;

/** Reads the text format: one sample a line. */
export function parseMetrics(text: string): Samples {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const space = line.lastIndexOf(' ');
    if (!line.startsWith('#') && space > 0) samples.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  return samples;
}

/** What was added between two scrapes to all samples whose name and labels match. */
export function added(before: Samples, after: Samples, pattern: RegExp): number {
  let sum = 0;
  for (const [name, value] of after) if (pattern.test(name)) sum += value - (before.get(name) ?? 0);
  return sum;
}

/** Counts by upper bound of a histogram, added over scrapes of several pods; the bounds are those of the metric. */
export function bucketsOf(pairs: readonly { before: Samples; after: Samples }[], name: string): Map<number, number> {
  const buckets = new Map<number, number>();
  for (const { before, after } of pairs) {
    for (const [sample, value] of after) {
      const bound = new RegExp(`^${name}_bucket\\{.*le="([^"]+)"`).exec(sample)?.[1];
      if (bound === undefined) continue;
      const le = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
      buckets.set(le, (buckets.get(le) ?? 0) + value - (before.get(sample) ?? 0));
    }
  }
  return buckets;
}

/**
 * A quantile of a histogram as Prometheus estimates it: linear within the bucket. `null` without samples; the highest
 * finite bound where it lies beyond it.
 */
export function quantile(buckets: ReadonlyMap<number, number>, share: number): number | null {
  const sorted = [...buckets].toSorted(([a], [b]) => a - b);
  const total = sorted.at(-1)?.[1] ?? 0;
  if (total === 0) return null;
  const wanted = share * total;
  let [low, below] = [0, 0];
  for (const [bound, count] of sorted) {
    if (count >= wanted && count > below) {
      return bound === Number.POSITIVE_INFINITY ? low : low + (bound - low) * ((wanted - below) / (count - below));
    }
    [low, below] = [bound, count];
  }
  return low;
}
