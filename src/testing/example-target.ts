import type { ProbeTarget } from '../config/index.ts';

/** A target as a configuration might describe it, with changes. */
export function exampleTarget(changes: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    id: 'aaaaaaaa',
    holdKey: 'dddddddd',
    name: 'openai/gpt-4o-mini',
    provider: 'openai',
    wire: 'openai',
    upstreamModel: 'gpt-4o-mini',
    apiBase: 'http://127.0.0.1:1/v1',
    host: '127.0.0.1:1',
    mode: 'chat',
    level: 'inference',
    apiKey: 'sk-upstream',
    intervalMs: 300_000,
    timeoutMs: 5_000,
    maxTokens: 16,
    limitName: 'max_tokens',
    prompt: "What's 1 + 1?",
    healthCheckParams: {},
    background: true,
    priceModel: 'gpt-4o-mini',
    ...changes,
  };
}
