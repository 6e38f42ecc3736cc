import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import type { LanguageModel } from 'ai';
import { createFallback } from 'ai-fallback';
import { createRetryableModel } from 'ai-retry/language-model';
import { circuitBreaker, ConsecutiveBreaker, fallback, handleAll, wrap } from 'cockatiel';
import CircuitBreaker from 'opossum';
import { joinFleet, openai } from '../../src/library/index.ts';

/** Addresses of the two upstreams, and of Redis for who uses it. */
export interface Places {
  readonly primary: string;
  readonly secondary: string;
  readonly redis: string;
}

/** Makes one request; rejects where the caller would get an error. */
export type Ask = () => Promise<void>;

/** Each as its README says, with its own default times. */
export const contenders: Readonly<Record<string, (places: Places) => Promise<Ask>>> = {
  allswell: async ({ primary, secondary, redis }) => {
    const fleet = await joinFleet({
      redis,
      targets: {
        chat: [
          openai({ id: 'primary', baseUrl: primary, apiKey: 'k', order: 1 }),
          openai({ id: 'secondary', baseUrl: secondary, apiKey: 'k', order: 2 }),
        ],
      },
    });
    const send = fleet.fetch('chat');
    return async () => await asked(await send('/chat/completions', request));
  },
  opossum: async ({ primary, secondary }) => {
    const breaker = new CircuitBreaker(async () => await asked(await fetch(`${primary}/chat/completions`, request)), {
      timeout: 3_000,
      errorThresholdPercentage: 50,
      resetTimeout: 30_000,
    });
    breaker.fallback(async () => await asked(await fetch(`${secondary}/chat/completions`, request)));
    return await ready(async () => await breaker.fire());
  },
  cockatiel: async ({ primary, secondary }) => {
    const policy = wrap(
      fallback(handleAll, async () => await asked(await fetch(`${secondary}/chat/completions`, request))),
      circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) }),
    );
    return await ready(async () => {
      await policy.execute(async () => await asked(await fetch(`${primary}/chat/completions`, request)));
    });
  },
  'ai-retry': async (places) => {
    const { primary, secondary } = modelsOf(places);
    const model = createRetryableModel({ model: primary, retries: [secondary] });
    return await ready(async () => await generated(model));
  },
  'ai-fallback': async (places) => {
    const { primary, secondary } = modelsOf(places);
    const model = createFallback({ models: [primary, secondary], modelResetInterval: 60_000 });
    return await ready(async () => await generated(model));
  },
};

const request: RequestInit = {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
  body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'A question of a user' }] }),
};

async function asked(response: Response): Promise<void> {
  await response.text();
  if (!response.ok) throw new Error(`answered ${response.status}`);
}

async function ready(ask: Ask): Promise<Ask> {
  return await Promise.resolve(ask);
}

/** Two providers have two names: some libraries tell models apart by them. */
function modelsOf({ primary, secondary }: Places) {
  const of = (name: string, baseURL: string) => createOpenAI({ name, baseURL, apiKey: 'k' }).chat('chat');
  return { primary: of('primary', primary), secondary: of('secondary', secondary) };
}

async function generated(model: LanguageModel): Promise<void> {
  await generateText({ model, prompt: 'A question of a user', maxRetries: 0 });
}
