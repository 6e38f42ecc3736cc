import { factsTable } from './model-facts.generated.ts';

/** What the table says of a model. */
export interface ModelFacts {
  /** LiteLLM's name for it, such as `chat` or `image_generation`. */
  readonly mode: string;
  /** Thinks before it answers. */
  readonly reasons: boolean;
  /** Can answer by voice, and at some vendors does not answer without. */
  readonly audio: boolean;
}

/**
 * What is known of a model, by its provider's name for it; undefined for a name that is in no list.
 *
 * @example
 * modelFacts('openai', 'gpt-5') // { mode: 'chat', reasons: true, audio: false }
 */
export function modelFacts(provider: string, model: string): ModelFacts | undefined {
  const { models, bare } = table();
  return models.get(`${provider}/${model}`) ?? bare.get(model)?.facts;
}

/**
 * The provider that a bare name means to LiteLLM.
 *
 * @example
 * providerOfBare('anthropic.claude-3-5-sonnet-20240620-v1:0') // 'bedrock'
 */
export function providerOfBare(model: string): string | undefined {
  return table().bare.get(model)?.provider;
}

interface Table {
  readonly models: ReadonlyMap<string, ModelFacts>;
  readonly bare: ReadonlyMap<string, { readonly provider: string; readonly facts: ModelFacts }>;
}

let read: Table | undefined;

/** Read at the first question: it takes some milliseconds, and a command that reads no configuration needs none of it. */
function table(): Table {
  read ??= tableOf(factsTable);
  return read;
}

function tableOf(text: string): Table {
  const models = new Map<string, ModelFacts>();
  const bare = new Map<string, { provider: string; facts: ModelFacts }>();
  for (const line of text.split('\n')) {
    const [group = '', names = ''] = line.split(': ');
    const [what, first = '', kind = ''] = group.split(' ');
    for (const name of names.split(' ').filter((one) => one !== '')) {
      if (what === 'model') models.set(`${first}/${name}`, factsOf(kind));
      else if (what === 'bare') bare.set(name, { provider: first, facts: factsOf(kind) });
    }
  }
  return { models, bare };
}

function factsOf(kind: string): ModelFacts {
  const [mode = 'chat', ...more] = kind.split('+');
  return { mode, reasons: more.includes('reasons'), audio: more.includes('audio') };
}
