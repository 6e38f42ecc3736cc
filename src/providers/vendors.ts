import { fullVendor } from './vendor.ts';
import type { FullVendor, Vendor } from './vendor.ts';

/**
 * The table of vendors, by the prefix of a model's name. A row is all that a vendor with OpenAI's wire needs: see
 * docs/how-to/add-a-provider.md. Names of variables are LiteLLM's, in LiteLLM's order.
 */
export const vendors: Readonly<Record<string, Vendor>> = {
  openai: {
    apiBase: 'https://api.openai.com/v1',
    bases: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'],
    organizations: ['OPENAI_ORGANIZATION'],
    prices: 'openai',
    reasoningLimit: 'max_completion_tokens',
  },
  azure: {
    wire: 'azure',
    keys: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
    apiVersion: '2024-10-21',
    prices: 'azure',
    // It lists base models, not the names of deployments.
    listing: 'partial',
    reasoningLimit: 'max_completion_tokens',
  },
  anthropic: {
    wire: 'anthropic',
    apiBase: 'https://api.anthropic.com/v1',
    bases: ['ANTHROPIC_API_BASE', 'ANTHROPIC_BASE_URL'],
    baseEndsWith: '/v1',
    prices: 'anthropic',
  },
  gemini: {
    apiBase: 'https://generativelanguage.googleapis.com/v1beta/openai',
    keys: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'],
    prices: 'google',
  },
  vertex_ai: { bases: ['VERTEXAI_API_BASE', 'VERTEX_API_BASE'], prices: 'google', listing: 'none' },
  mistral: {
    apiBase: 'https://api.mistral.ai/v1',
    keys: ['MISTRAL_AZURE_API_KEY', 'MISTRAL_API_KEY'],
    bases: ['MISTRAL_AZURE_API_BASE', 'MISTRAL_API_BASE'],
    baseEndsWith: '/v1',
    prices: 'mistral',
  },
  cohere: {
    apiBase: 'https://api.cohere.ai/compatibility/v1',
    keys: ['COHERE_API_KEY', 'CO_API_KEY'],
    prices: 'cohere',
    listingPath: '/v1/models?page_size=1000',
  },
  groq: {
    apiBase: 'https://api.groq.com/openai/v1',
    prices: 'groq',
    reasoningLimit: 'max_completion_tokens',
  },
  deepseek: { apiBase: 'https://api.deepseek.com/beta', prices: 'deepseek', listingPath: '/models' },
  together_ai: {
    apiBase: 'https://api.together.xyz/v1',
    keys: ['TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY', 'TOGETHERAI_API_KEY', 'TOGETHER_AI_TOKEN'],
    prices: 'together',
    // Without the endpoints that belong to one customer.
    listing: 'partial',
  },
  fireworks_ai: {
    apiBase: 'https://api.fireworks.ai/inference/v1',
    keys: ['FIREWORKS_API_KEY', 'FIREWORKS_AI_API_KEY', 'FIREWORKSAI_API_KEY', 'FIREWORKS_AI_TOKEN'],
    bases: ['FIREWORKS_API_BASE'],
    modelBeginsWith: 'accounts/fireworks/models/',
    prices: 'fireworks',
    // The same.
    listing: 'partial',
  },
  openrouter: {
    apiBase: 'https://openrouter.ai/api/v1',
    keys: ['OPENROUTER_API_KEY', 'OR_API_KEY'],
    prices: 'openrouter',
    // They choose among a model's upstreams.
    unlistedEnding: /:(?:nitro|floor|online|exacto)$/,
  },
  // Its list tells aliases, such as grok-4, since June 2026 only.
  xai: { apiBase: 'https://api.x.ai/v1', prices: 'x-ai', listing: 'partial' },
  perplexity: {
    apiBase: 'https://api.perplexity.ai',
    keys: ['PERPLEXITYAI_API_KEY', 'PERPLEXITY_API_KEY'],
    prices: 'perplexity',
    listing: 'none',
  },
  // Many run it themselves.
  nvidia_nim: { apiBase: 'https://integrate.api.nvidia.com/v1', keyless: true },
  hosted_vllm: { keyless: true },
  ollama: { apiBase: 'http://localhost:11434/v1', baseEndsWith: '/v1', keyless: true },
  ollama_chat: {
    apiBase: 'http://localhost:11434/v1',
    keys: ['OLLAMA_API_KEY'],
    bases: ['OLLAMA_API_BASE'],
    baseEndsWith: '/v1',
    keyless: true,
  },
  lm_studio: { apiBase: 'http://localhost:1234/v1', keyless: true },
};

/** The vendor behind a prefix, known or not. */
export function vendorOf(prefix: string): FullVendor {
  return fullVendor(prefix, Object.hasOwn(vendors, prefix) ? vendors[prefix] : undefined);
}

/** The vendors with this name in the price list, the one that most people mean first. */
export function vendorsPricedAs(name: string): readonly string[] {
  return Object.entries(vendors)
    .filter(([, { prices }]) => prices === name)
    .map(([prefix]) => prefix);
}
