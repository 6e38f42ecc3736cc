import { azureBases } from './azure-bases.ts';
import { BASE, models, RESOURCE } from './deployment.ts';
import type { Deployment } from './deployment.ts';
import { parameters } from './parameters.ts';

/** Every vendor, every mode and every spelling that was ever probed differently from LiteLLM, or could be. */
export const deployments: readonly Deployment[] = [
  ...models(
    'openai/',
    `gpt-4o gpt-4.1-mini gpt-3.5-turbo gpt-5 gpt-5-mini gpt-5-nano gpt-5-chat-latest gpt-5.1 gpt-5.2
    gpt-5.3-chat-latest gpt-5.4-mini gpt-6 gpt-6-mini o1 o3 o3-mini o4-mini gpt-5-codex gpt-5.1-codex-mini gpt-5-pro
    gpt-5.2-pro o1-pro o3-pro codex-mini-latest o3-deep-research computer-use-preview gpt-4o-audio-preview
    gpt-audio gpt-audio-mini gpt-4o-search-preview gpt-3.5-turbo-instruct davinci-002 text-embedding-3-small
    text-embedding-ada-002 gpt-realtime gpt-4o-realtime-preview gpt-4o-mini-tts tts-1 whisper-1 gpt-4o-transcribe
    gpt-image-1 dall-e-3 sora-2 omni-moderation-latest not-in-any-map ft:gpt-4o-2024-08-06:ours::1 responses/gpt-4o
    responses/gpt-5 gpt-oss-120b`,
  ),
  ...models(
    '',
    `gpt-4o gpt-5 o3-mini gpt-5-codex text-embedding-3-large whisper-1 claude-sonnet-4-5 claude-3-5-haiku-latest
    us.anthropic.claude-sonnet-4-5-20250929-v1:0 anthropic.claude-3-5-sonnet-20240620-v1:0 amazon.nova-lite-v1:0
    cohere.command-r-v1:0 meta.llama3-70b-instruct-v1:0 amazon.titan-embed-text-v2:0 eu.meta.llama3-2-1b-instruct-v1:0
    mistral.mistral-large-2407-v1:0 gemini-2.5-flash command-r-plus`,
  ),
  ...models(
    'azure/',
    'prod-gpt gpt-4o gpt-5 gpt-5-chat o3-mini o_series/prod gpt5_series/prod responses/prod gpt-5-codex o3-pro',
    {
      params: { api_base: RESOURCE },
    },
  ),
  ...models(
    'azure/',
    'text-embedding-3-small gpt-4o-audio-preview gpt-image-1 whisper tts-1 gpt-realtime command-r-plus',
    {
      params: { api_base: RESOURCE },
    },
  ),
  ...azureBases(),
  ...models('azure/', 'prod', {
    title: 'base_model gpt-5',
    params: { api_base: RESOURCE },
    info: { base_model: 'azure/gpt-5' },
  }),
  ...models('azure/', 'prod', {
    title: 'base_model audio',
    params: { api_base: RESOURCE },
    info: { base_model: 'azure/gpt-4o-audio-preview' },
  }),
  ...models('azure/', 'prod', { title: 'mode responses', params: { api_base: RESOURCE }, info: { mode: 'responses' } }),
  ...models('azure/', 'prod', { title: 'mode embedding', params: { api_base: RESOURCE }, info: { mode: 'embedding' } }),
  ...models('azure_ai/', 'mistral-large claude-sonnet-4-5 cohere-embed-v3 gpt-oss-120b', {
    params: { api_base: 'https://ours.services.ai.azure.com' },
  }),
  ...models(
    'anthropic/',
    `claude-sonnet-4-5 claude-opus-4-1 claude-3-haiku-20240307 claude-3-7-sonnet-latest claude-2.1 not-in-any-map`,
  ),
  ...models('anthropic/', 'claude-sonnet-4-5', { title: 'OAuth key', params: { api_key: 'sk-ant-oat01-token' } }),
  ...models('anthropic/', 'claude-sonnet-4-5', {
    title: 'OAuth key of the environment',
    params: { api_key: undefined },
    env: { ANTHROPIC_API_KEY: 'sk-ant-oat01-token' },
  }),
  ...models('anthropic/', 'claude-sonnet-4-5', { title: 'own base', params: { api_base: 'https://gateway.example' } }),
  ...models('anthropic/', 'claude-sonnet-4-5', {
    title: 'extra headers',
    params: { extra_headers: { 'anthropic-beta': 'x-1' } },
  }),
  ...models('anthropic/', 'claude-sonnet-4-5', {
    title: 'mode anthropic_messages',
    info: { mode: 'anthropic_messages' },
  }),
  ...models(
    'gemini/',
    `gemini-2.5-flash gemini-2.0-flash-lite gemini-3-pro-preview gemini-2.5-flash-preview-tts
    gemini-2.5-flash-image gemini-live-2.5-flash-preview gemini-embedding-001 imagen-4.0-generate-001 veo-3.0-generate-001`,
  ),
  ...models('vertex_ai/', 'gemini-2.5-flash claude-sonnet-4-5 text-embedding-005', {
    params: { api_base: 'https://vertex.example/v1', vertex_project: 'p' },
  }),
  ...models(
    'bedrock/',
    `anthropic.claude-3-5-sonnet-20240620-v1:0 us-west-2/mistral.mistral-7b-instruct-v0:2
    converse/us.amazon.nova-lite-v1:0 cohere.embed-english-v3 amazon.titan-image-generator-v2:0`,
  ),
  ...models('bedrock/', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', {
    title: 'own base',
    params: { api_base: 'https://bedrock.example' },
  }),
  ...models(
    'mistral/',
    'mistral-large-latest mistral-small-latest magistral-medium-latest mistral-embed codestral-latest mistral-ocr-latest voxtral-mini-latest',
  ),
  ...models('cohere/', 'command-r-plus command-a-03-2025 embed-v4.0 rerank-v3.5'),
  ...models('groq/', 'llama-3.3-70b-versatile openai/gpt-oss-120b qwen/qwen3-32b whisper-large-v3 playai-tts'),
  ...models('deepseek/', 'deepseek-chat deepseek-reasoner'),
  ...models('together_ai/', 'meta-llama/Llama-3.3-70B-Instruct-Turbo openai/gpt-oss-120b BAAI/bge-base-en-v1.5'),
  ...models(
    'fireworks_ai/',
    'deepseek-v3 accounts/fireworks/models/kimi-k2-instruct nomic-ai/nomic-embed-text-v1.5 whisper-v3',
  ),
  ...models('openrouter/', 'openai/gpt-4o openai/gpt-5 anthropic/claude-sonnet-4.5 auto'),
  ...models('xai/', 'grok-4 grok-3-mini grok-code-fast-1 grok-2-image grok-imagine-image grok-imagine-video'),
  ...models('perplexity/', 'sonar sonar-reasoning-pro sonar-deep-research'),
  ...models('nvidia_nim/', 'meta/llama3-70b-instruct nvidia/nv-embedqa-e5-v5'),
  ...models('hosted_vllm/', 'meta-llama/Llama-3.1-8B-Instruct gpt-oss-120b openai/gpt-5', {
    params: { api_base: BASE },
  }),
  ...models('hosted_vllm/', 'BAAI/bge-m3', { params: { api_base: BASE }, info: { mode: 'embedding' } }),
  ...models('ollama/', 'llama3.1 nomic-embed-text', { params: { api_base: 'http://gpu.example:11434' } }),
  ...models('ollama_chat/', 'llama3.1', { params: { api_base: 'http://gpu.example:11434' } }),
  ...models('lm_studio/', 'local', { params: { api_base: 'http://gpu.example:1234/v1' } }),
  ...[
    'deepinfra/meta-llama/Llama-3.3-70B-Instruct',
    'cerebras/llama3.1-8b',
    'sambanova/Meta-Llama-3.1-8B-Instruct',
    'databricks/databricks-claude-sonnet-4',
    'huggingface/meta-llama/Llama-3.1-8B',
    'replicate/meta/llama-3',
    'watsonx/ibm/granite',
    'novita/deepseek/deepseek-r1',
    'nebius/Qwen/Qwen3-32B',
    'dashscope/qwen-max',
    'moonshot/kimi-k2-0711-preview',
    'zai/glm-4.6',
    'ai21/jamba-1.5',
    'volcengine/doubao',
    'openai_like/m',
    'custom_openai/m',
    'litellm_proxy/gpt-5',
    'llamafile/m',
    'xinference/m',
    'v0/v0-1.5-md',
    'vercel_ai_gateway/openai/gpt-4o',
    'text-completion-openai/gpt-3.5-turbo-instruct',
    'voyage/voyage-3',
    'jina_ai/jina-embeddings-v3',
    'github/gpt-4o-mini',
    'snowflake/mistral-large',
    'cloudflare/@cf/meta/llama-2-7b-chat-int8',
    'sagemaker/endpoint',
    'predibase/m',
    'elevenlabs/scribe_v1',
    'deepgram/nova-2',
    'infinity/rerank-m',
  ].flatMap((model) => models('', model, { title: 'own base', params: { api_base: BASE } })),
  ...models('azure_ai/', 'mistral-large', {
    title: 'serverless',
    params: { api_base: 'https://m.eastus2.models.ai.azure.com' },
  }),
  ...models('gemini/', 'gemini-2.5-flash', {
    title: 'gateway',
    params: { api_base: 'https://gateway.example/gemini' },
  }),
  ...models('cohere/', 'command-a-03-2025', {
    title: 'gateway',
    params: { api_base: 'https://gateway.example/cohere' },
  }),
  ...models('cohere/', 'command-a-03-2025', {
    title: 'own host',
    params: { api_base: 'https://api.cohere.com/v2/chat' },
  }),
  ...models('cometapi/', 'gpt-5', { title: 'base without version', params: { api_base: 'https://api.cometapi.com' } }),
  ...models('azure/', 'prod', {
    title: 'principal',
    params: { api_base: RESOURCE, api_key: undefined, tenant_id: 't', client_id: 'c' },
  }),
  ...parameters(),
];
