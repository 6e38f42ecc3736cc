import { speechOf } from './provider-speech.ts';
import { fullVendor } from './vendor.ts';
import type { FullVendor, Vendor } from './vendor.ts';

// OpenAI's families that refuse the older name of the limit, those that are yet to come among them.
const newerNames = /(^|[/:-])(o\d|gpt-(?:[5-9]|\d\d))/;

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
    routes: { 'responses/': { mode: 'responses' } },
    reasoningLimit: 'max_completion_tokens',
    reasoningNames: newerNames,
  },
  azure: {
    wire: 'azure',
    keys: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
    // LiteLLM's, so that both see the same API.
    apiVersion: '2025-02-01-preview',
    routes: {
      'responses/': { mode: 'responses' },
      'o_series/': { reasons: true },
      'gpt5_series/': { reasons: true },
    },
    reasoningNames: newerNames,
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
    ownHosts: ['generativelanguage.googleapis.com'],
    speaksAt: /\/openai$/,
    prices: 'google',
  },
  bedrock: {
    wire: 'bedrock',
    keys: ['AWS_BEARER_TOKEN_BEDROCK'],
    bases: ['AWS_BEDROCK_RUNTIME_ENDPOINT'],
    routes: { 'converse/': {} },
    prices: 'aws',
    // It is at another host, and lists more than an account may call.
    listing: 'none',
  },
  vertex_ai: {
    bases: ['VERTEXAI_API_BASE', 'VERTEX_API_BASE'],
    // LiteLLM sends no OpenAI's format to any other path.
    speaksAt: /\/endpoints\/[^/]+$/,
    prices: 'google',
    listing: 'none',
  },
  // Its serverless endpoints. The resource itself has paths and keys of another kind, for each family another.
  azure_ai: {
    speaksAt: /^(?!https:\/\/[^/]*\.(?:services\.ai|openai|cognitiveservices)\.azure\.com)/,
    listing: 'none',
  },
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
    ownHosts: ['api.cohere.ai', 'api.cohere.com'],
    speaksAt: /\/compatibility\/v1$/,
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
    apiBase: 'https://api.together.ai/v1',
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
  voyage: { apiBase: 'https://api.voyageai.com/v1', usualMode: 'embedding', listing: 'none' },
  jina_ai: { apiBase: 'https://api.jina.ai/v1', keys: ['JINA_AI_API_KEY'], usualMode: 'embedding', listing: 'none' },
  'text-completion-openai': {
    apiBase: 'https://api.openai.com/v1',
    keys: ['OPENAI_API_KEY'],
    bases: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'],
    organizations: ['OPENAI_ORGANIZATION'],
    usualMode: 'completion',
  },
  // Any server that speaks like OpenAI.
  openai_like: { keyless: true },
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
  return fullVendor(prefix, Object.hasOwn(vendors, prefix) ? vendors[prefix] : undefined, unstatedOf(prefix));
}

/** Of a provider without a row: as LiteLLM was seen to speak to it; one that LiteLLM does not have speaks like OpenAI. */
function unstatedOf(prefix: string): Vendor {
  const speech = speechOf(prefix);
  switch (speech.kind) {
    case 'openai':
      return speech.baseEndsWith === undefined ? {} : { baseEndsWith: speech.baseEndsWith };
    case 'silent':
      return { wire: 'none' };
    case 'unknown':
      return {};
  }
}

/** The vendors with this name in the price list, the one that most people mean first. */
export function vendorsPricedAs(name: string): readonly string[] {
  return Object.entries(vendors)
    .filter(([, { prices }]) => prices === name)
    .map(([prefix]) => prefix);
}
