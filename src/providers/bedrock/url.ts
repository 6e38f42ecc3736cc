import type { Reachable } from '../reachable.ts';
import type { ProbeMode } from '../wire/index.ts';

/** The model's name may be an ARN, with slashes in it; AWS' clients encode it whole. */
export function bedrockUrl({ apiBase, upstreamModel }: Reachable, mode: ProbeMode): string {
  return `${apiBase}/model/${encodeURIComponent(upstreamModel)}/${mode === 'embedding' ? 'invoke' : 'converse'}`;
}
