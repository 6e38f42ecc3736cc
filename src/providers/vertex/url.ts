import type { Reachable } from '../reachable.ts';
import type { ProbeMode } from '../wire/index.ts';

/** The base ends with project and location. */
export function vertexUrl({ apiBase, upstreamModel }: Reachable, mode: ProbeMode): string {
  const call = mode === 'embedding' ? 'predict' : 'generateContent';
  return `${apiBase}/publishers/google/models/${encodeURIComponent(upstreamModel)}:${call}`;
}

/** @example claudeUrl({ apiBase: 'https://h/v1/projects/p/locations/l', upstreamModel: 'claude-x@1' }) // 'https://h/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@1:rawPredict' */
export function claudeUrl({ apiBase, upstreamModel }: Pick<Reachable, 'apiBase' | 'upstreamModel'>): string {
  const model = encodeURIComponent(upstreamModel).replaceAll('%40', '@');
  return `${apiBase}/publishers/anthropic/models/${model}:rawPredict`;
}
