import type { Difference } from './compare.ts';

/** A difference between the two probes that is meant, and why. */
export interface Allowed {
  readonly why: string;
  /** Deployments. */
  readonly ids?: RegExp;
  readonly fields: RegExp;
  readonly theirs?: RegExp;
  readonly ours?: RegExp;
}

/**
 * The one table of what may differ. A field is `method`, `url`, `header <name>`, `body <key>`, or `asked`, where one of
 * the two asks nothing: it is then what the other one asks.
 */
export const allowed: readonly Allowed[] = [
  // The client.
  {
    why: 'belongs to the HTTP client and its connection',
    fields: /^header (host|connection|content-length|accept|accept-encoding)$/,
  },
  { why: 'names the client', fields: /^header (user-agent|x-stainless-.*)$/ },
  {
    why: 'tells the vendor that it is called by LiteLLM, which allswell is not',
    fields: /^header (http-referer|x-title|x-pplx-integration|x-novita-source|request-source)$/,
    ours: /^-$/,
  },
  {
    why: 'asks for the cost in the answer, which allswell does not read',
    ids: /^openrouter\//,
    fields: /^body usage$/,
    ours: /^-$/,
  },
  {
    why: 'how numbers are written in the answer, for which the probe has no use',
    fields: /^body encoding_format$/,
    ours: /^-$/,
  },
  {
    why: 'LiteLLM sends its own default; without the field the answer comes in one piece, too',
    fields: /^body stream$/,
    theirs: /^false$/,
    ours: /^-$/,
  },
  {
    why: 'the same text in another form that the API takes',
    ids: /claude|^anthropic\/|anthropic\)$/,
    fields: /^body messages$/,
    theirs: /"type":"text"/,
  },

  // Limits.
  {
    why: 'LiteLLM sends no limit with responses: its probes of models that think have no bound, those of allswell do',
    fields: /^body max_output_tokens$/,
    theirs: /^-$/,
    ours: /^16$/,
  },
  {
    why: 'OpenAI counts the limit of all its models under the newer name, too',
    ids: /^openai\/gpt-5-chat-latest$/,
    fields: /^body max_(completion_)?tokens$/,
  },
  {
    why: 'LiteLLM does not look at base_model for the name of the limit, and Azure refuses what it sends',
    ids: /^azure\/prod \(base_model gpt-5\)$/,
    fields: /^body max_(completion_)?tokens$/,
  },
  {
    why: 'Groq documents max_completion_tokens as the name; max_tokens is its deprecated one',
    ids: /^groq\/openai\/gpt-oss/,
    fields: /^body max_(completion_)?tokens$/,
  },

  // What is asked.
  {
    why: 'LiteLLM reaches responses by way of a chat here, and so asks small talk; any text does',
    ids: /^(openai|azure)\/responses\//,
    fields: /^body input$/,
    ours: /test from litellm/,
  },
  {
    why: 'LiteLLM reaches a chat by way of a completion here, and so asks its prompt; any text does',
    ids: /^openai\/gpt-4o \(mode completion\)$/,
    fields: /^body (messages|max_tokens)$/,
  },
  {
    why: 'the vendor has these models for responses only, which the model map does not say',
    ids: /^openai\/(codex-mini-latest|computer-use-preview)$/,
    fields: /^(url|body (input|messages|max_tokens))$/,
    ours: /^-$|responses|test from litellm/,
  },
  {
    why: 'models that answer by voice only are asked for voice; LiteLLM does so for those that are in its map by this name',
    ids: /^(openai|azure)\/gpt-4o-audio-preview$|^azure\/prod \(base_model audio\)$/,
    fields: /^body (audio|modalities)$/,
    theirs: /^-$/,
  },
  {
    why: "parameters of a deployment's users are no part of a probe: they change what it means and costs",
    ids: /\((temperature|reasoning_effort|stream|drop_params)\)$/,
    fields: /^body (temperature|reasoning_effort|stream|stream_options|user)$/,
    ours: /^-$/,
  },
  {
    why: 'LiteLLM writes the name of the parameter itself into the body, which the vendor refuses',
    ids: /\(extra_query\)$|^anthropic\/.*\(extra_body\)$/,
    fields: /^body (extra_query|extra_body|service_tier)$/,
  },
  {
    why: 'LiteLLM drops betas that its own list does not know; allswell sends what the configuration says',
    ids: /^anthropic\/.*\(extra headers\)$/,
    fields: /^header anthropic-beta$/,
    theirs: /^-$/,
  },

  // Another address or format of the same vendor, under the same key.
  {
    why: "Google's endpoint for OpenAI's format takes the same key and answers from the same models",
    ids: /^gemini\//,
    fields:
      /^(url|header (authorization|x-goog-api-key|content-type)|body (contents|generationConfig|requests|max_tokens|messages|model|input))$/,
    ours: /^-$|^https:\/\/generativelanguage\.googleapis\.com\/v1beta\/openai\/|^Bearer sk-key$|^application\/json$|^16$|^"gemini-|How|how|test from litellm/,
  },
  {
    why: "Cohere's endpoint for OpenAI's format takes the same key and answers from the same models",
    ids: /^cohere\//,
    fields: /^(url|body (input|input_type|texts))$/,
    ours: /^-$|^https:\/\/api\.cohere\.(ai|com)\/compatibility\/v1\/|test from litellm/,
  },
  {
    why: "Ollama answers OpenAI's format at the same server; what LiteLLM asks first of an embedding is about the model, at this very machine",
    ids: /^ollama(_chat)?\//,
    fields:
      /^(url|header (authorization|content-type)|body (images|max_tokens|messages|options|prompt|input|model|name))$/,
    ours: /^-$|^http:\/\/gpu\.example:11434\/v1\/|^Bearer sk-key$|^application\/json$|^16$|how's|nomic|test from litellm/,
  },
  {
    why: 'LiteLLM puts the whole path behind a base that has part of it already, and reaches nothing',
    ids: /^azure\/prod \(https:\/\/ours\.openai\.azure\.com\/openai/,
    fields: /^url$/,
    theirs:
      /\/openai\/openai\/|\/openai\/v1\/openai\/|\/deployments\/other\/(chat\/completions\/)?(openai\/v1\/)?(chat\/completions)/,
  },

  // Deployments that allswell does not ask, and says so.
  {
    why: 'no probe of allswell has this mode: it is looked at by the list of models, or by a connection',
    ids: /realtime|live|tts|whisper|transcribe|voxtral|image|dall-e|imagen|sora|veo|video|moderation|rerank|ocr|mode (audio|batch)/,
    fields: /^asked$/,
    ours: /^(models|connect): .*has a mode that cannot be probed at level inference/,
  },
  {
    why: 'a wildcard is looked at by the list of models; LiteLLM asks a model of its own choice, which a key may not be for',
    ids: /wildcard/,
    fields: /^asked$/,
    ours: /^models: .*is a wildcard/,
  },
  {
    why: 'allswell does not speak the API, and only opens a connection',
    ids: /^(bedrock|azure_ai|huggingface|replicate|watsonx|snowflake|sagemaker|predibase|elevenlabs|deepgram|infinity|vertex_ai|gemini|cohere)\//,
    fields: /^asked$/,
    ours: /^connect: .*whose API allswell does not support for this deployment/,
  },
  {
    why: 'allswell does not speak the API, and there is no address to connect to: left out',
    ids: /^bedrock\/|^[^/]*(anthropic|amazon|meta|mistral|cohere)\./,
    fields: /^asked$/,
    ours: /^none: .*(does not support the API of bedrock: the deployment cannot be probed|does not name its provider)/,
  },
  {
    why: 'the same model by Converse, which has one format for all; LiteLLM asks older models by InvokeModel',
    ids: /^bedrock\/.*mistral\.mistral-7b/,
    fields: /^(url|body (inferenceConfig|max_tokens|messages|prompt))$/,
  },
  {
    why: 'a login that allswell does not have: it only opens a connection, and warns',
    ids: /\(principal\)$/,
    fields: /^asked$/,
    ours: /^connect: .*uses an authentication method that allswell does not support/,
  },
  {
    why: 'Google sells these models at two addresses to two kinds of keys: a bare name is left out',
    ids: /^gemini-2\.5-flash$/,
    fields: /^asked$/,
    ours: /^none: .*does not name its provider/,
  },

  // Deployments that LiteLLM fails to ask.
  {
    why: 'the model map lost the retired name; its vendor is known by the price list',
    ids: /^(claude-3-5-haiku-latest|command-r-plus)$/,
    fields: /^asked$/,
    theirs: /LLM Provider NOT provided/,
  },
  {
    why: "LiteLLM's own list of parameters is short of the limit, or of the provider, and its probe ends before it begins",
    ids: /^(v0|openai_like|jina_ai)\//,
    fields: /^asked$/,
    theirs: /does not support parameters: \['max_tokens'\]|Unmapped LLM provider/,
  },
];

/** The reason for which a difference is meant; undefined where there is none. */
export function reasonFor({ id, field, theirs = '-', ours = '-' }: Difference): Allowed | undefined {
  return allowed.find(
    (row) =>
      (row.ids?.test(id) ?? true) &&
      row.fields.test(field) &&
      (row.theirs?.test(theirs) ?? true) &&
      (row.ours?.test(ours) ?? true),
  );
}
