import type { Reachable } from '../reachable.ts';
import type { ProbeMode } from '../wire/index.ts';

/** True for a name of Claude, in whatever region, and for an ARN that has it. */
export function isClaude(model: string): boolean {
  return /(?:^|[./])anthropic\.claude/.test(model);
}

/** InvokeModel, whose bodies are in the format of the model's vendor. */
export function claudeUrl({ apiBase, upstreamModel }: Reachable): string {
  return `${apiBase}/model/${encodeURIComponent(upstreamModel)}/invoke`;
}

/** The model's name may be an ARN, with slashes in it; AWS' clients encode it whole. */
export function bedrockUrl({ apiBase, upstreamModel }: Reachable, mode: ProbeMode): string {
  return `${apiBase}/model/${encodeURIComponent(upstreamModel)}/${mode === 'embedding' ? 'invoke' : 'converse'}`;
}
