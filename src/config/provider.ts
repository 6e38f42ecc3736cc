import { createRequire } from 'node:module';
import type * as GenaiPrices from '@pydantic/genai-prices';
import type { Env, Wire } from './types.ts';

export type ProviderChoice =
  | { readonly kind: 'provider'; readonly provider: string; readonly model: string }
  /** A bare name: `known` is the provider that it seems to mean. */
  | { readonly kind: 'unnamed'; readonly known?: string };

/**
 * Splits `provider/model`. A bare name belongs to `custom_llm_provider`, else to OpenAI if the price list knows it there.
 *
 * @example
 * providerOf('hosted_vllm/meta-llama/Llama-3.1-8B') // provider hosted_vllm, model meta-llama/Llama-3.1-8B
 */
export function providerOf(model: string, custom: string | undefined): ProviderChoice {
  if (custom !== undefined) {
    const prefix = `${custom}/`;
    return { kind: 'provider', provider: custom, model: model.startsWith(prefix) ? model.slice(prefix.length) : model };
  }
  const slash = model.indexOf('/');
  if (slash > 0) return { kind: 'provider', provider: model.slice(0, slash), model: model.slice(slash + 1) };
  const known = providerInPriceList(model);
  if (known === 'openai') return { kind: 'provider', provider: 'openai', model };
  return { kind: 'unnamed', ...(known !== undefined && { known }) };
}

interface ProviderFacts {
  readonly wire: Wire;
  /** The vendor's own URL, for providers that have one. */
  readonly apiBase?: string;
  readonly apiVersion?: string;
  /** Variables that stand in for what `litellm_params` leaves out; the first one that is set counts. */
  readonly variables: {
    readonly apiKey: readonly string[];
    readonly apiBase: readonly string[];
    readonly organization: readonly string[];
  };
}

/** How to reach a provider. `stated` is false for one that is only assumed to speak OpenAI's language. */
export function factsOf(provider: string): ProviderFacts & { readonly stated: boolean } {
  const facts = providers[provider];
  return facts === undefined ? { ...assumed(provider), stated: false } : { ...facts, stated: true };
}

const providers: Readonly<Record<string, ProviderFacts>> = {
  openai: {
    wire: 'openai',
    apiBase: 'https://api.openai.com/v1',
    variables: {
      apiKey: ['OPENAI_API_KEY'],
      apiBase: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'],
      organization: ['OPENAI_ORGANIZATION'],
    },
  },
  azure: {
    wire: 'azure',
    apiVersion: '2024-10-21',
    variables: { apiKey: ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'], apiBase: ['AZURE_API_BASE'], organization: [] },
  },
  hosted_vllm: assumed('hosted_vllm'),
};

function assumed(provider: string): ProviderFacts {
  const name = provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  return {
    wire: 'openai',
    variables: { apiKey: [`${name}_API_KEY`], apiBase: [`${name}_API_BASE`], organization: [] },
  };
}

export function firstSet(env: Env, names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== '');
}

type PriceList = Pick<typeof GenaiPrices, 'findProvider' | 'calcPrice'>;

/** Loaded only when a bare name turns up: the list takes 50 ms to read, and most files name their providers. */
function providerInPriceList(model: string): string | undefined {
  const { findProvider, calcPrice } = createRequire(import.meta.url)('@pydantic/genai-prices') as PriceList;
  const found = findProvider({ modelId: model })?.id;
  if (found !== undefined) return found;
  // Embedding models have prices there but no pattern of their own.
  return calcPrice({ input_tokens: 1 }, model, { providerId: 'openai' }) === null ? undefined : 'openai';
}
