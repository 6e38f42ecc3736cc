import { expect } from 'vitest';
import type { MockUpstream } from '../../../src/testing/index.ts';

// All times here are the upstream's own time stamps, epoch milliseconds.

/** A stretch of time. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When the probes of a model arrived, within a span if one is given. */
export function startsOf(upstream: MockUpstream, model: string, span?: Span): number[] {
  const { starts } = upstream.model(model).probes;
  return span === undefined ? [...starts] : starts.filter((at) => at >= span.from && at < span.to);
}

/** Distances between neighbours. */
export function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((at, i) => at - (times[i] ?? 0));
}

/**
 * Longest stretch of the span without a probe of the model: from the last one before the span, if there was one, to
 * the first one after its beginning, and so on to its end.
 */
export function longestSilence(upstream: MockUpstream, model: string, span: Span): number {
  const all = startsOf(upstream, model);
  const before = all.findLast((at) => at < span.from) ?? span.from;
  return Math.max(...gapsOf([before, ...all.filter((at) => at >= span.from && at < span.to), span.to]));
}

/** Most calls of the given models that ran at the same moment. */
export function mostAtOnce(upstream: MockUpstream, models: readonly string[]): number {
  const steps = models.flatMap((model) => {
    const { starts, ends } = upstream.model(model).probes;
    return [...starts.map((at) => ({ at, by: 1 })), ...ends.map((at) => ({ at, by: -1 }))];
  });
  let [running, most] = [0, 0];
  // At one instant an end counts before a start: the upstream took no second call while the first ran.
  for (const { by } of steps.toSorted((a, b) => a.at - b.at || a.by - b.by)) {
    running += by;
    most = Math.max(most, running);
  }
  return most;
}

export interface CalmInput {
  readonly upstream: MockUpstream;
  readonly models: readonly string[];
  readonly intervalMs: number;
  readonly span: Span;
}

/** One probe per target and interval: the count to within one, no two closer than 0.8, none further than 1.2 of it. */
export function expectCalm({ upstream, models, intervalMs, span }: CalmInput): void {
  const expected = (span.to - span.from) / intervalMs;
  for (const model of models) {
    const starts = startsOf(upstream, model, span);
    const gaps = gapsOf(starts).map((gap) => gap / intervalMs);
    const seen = `${model}: ${starts.length} probes, gaps ${gaps.map((gap) => gap.toFixed(3)).join(' ')}`;
    expect(starts.length, seen).toBeGreaterThanOrEqual(Math.floor(expected) - 1);
    expect(starts.length, seen).toBeLessThanOrEqual(Math.ceil(expected) + 1);
    expect(Math.min(...gaps), seen).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...gaps), seen).toBeLessThanOrEqual(1.2);
  }
}
