import { modelFacts, vendorOf } from '../../providers/index.ts';

// Properties derived from a model's name if the file does not give them. The table of facts takes precedence; the patterns
// are for names that it lacks: retired and new models, and names of deployments. Wrong guesses cost a misleading probe, so each
// list holds only families whose every member behaves alike.

type Named = readonly (readonly [RegExp, string])[];

/** Corrections of errors in the table. */
const corrections: Named = [[/^(computer-use-preview|o[34](-mini)?-deep-research)/, 'responses']];

const modes: Named = [
  [/(^|[/-])(text-)?embed(ding|dings)?([-/]|$)/, 'embedding'],
  // OpenAI offers only this API for these; resellers offer chat.
  [/^(o[13]-pro|gpt-\d+(\.\d+)?-(pro|codex)|codex-mini)/, 'responses'],
  [/(^|\/)gpt-3\.5-turbo-instruct|(^|\/)(davinci|babbage)-002/, 'completion'],
  [/(^|[/-])(dall-e|gpt-image|imagen|grok-2-image|grok-imagine-image)([-:]|$)/, 'image_generation'],
  [/(^|\/)(gemini-.*-image|nano-banana)/, 'image_generation'],
  [/(^|\/)(sora|veo|grok-imagine-video)([-:]|$)/, 'video_generation'],
  [/(^|\/)(gpt-.*-realtime|gpt-realtime|gemini-.*(live|native-audio))/, 'realtime'],
  [/(^|[/-])whisper|(^|\/)(gpt-.*-transcribe|scribe_|nova-[23](-|$))/, 'audio_transcription'],
  [/(^|\/)(tts-1|playai-tts|.*-tts(-|$))/, 'audio_speech'],
  [/(^|[/-])(mistral|deepseek)-ocr/, 'ocr'],
  [/(^|[/-])moderation([-/]|$)/, 'moderation'],
  [/(^|[/-])rerank/, 'rerank'],
];

/**
 * The mode that a model is asked by.
 *
 * @example
 * modeByName('openai', 'text-embedding-3-small') // 'embedding'
 */
export function modeByName(provider: string, model: string): string {
  const name = model.toLowerCase();
  return (
    named(corrections, name) ??
    modelFacts(provider, model)?.mode ??
    named(modes, name) ??
    vendorOf(provider).usualMode ??
    'chat'
  );
}

function named(lists: Named, name: string): string | undefined {
  return lists.find(([pattern]) => pattern.test(name))?.[1];
}

// Models that reason by default, and those that can according to LiteLLM's price map.
const thinkers = [
  /(^|[/-])(o[134](-(mini|pro|preview|deep-research))?|gpt-[5-9]|gpt-oss|deepseek-(r1|reasoner)|qwq|magistral)([-.:]|$)/,
  /(^|\/)(claude-(3-7|(opus|sonnet|haiku)-[4-9])|gemini-(2\.5|[3-9])|grok-(3-mini|4|code)|sonar-(reasoning|deep-research))/,
];
const others = /gpt-5[.\d]*-chat|non-reasoning|-image|-tts/;

/** True if the model reasons before it answers: it needs more tokens, and counts them in another field. */
export function reasonsByName(provider: string, model: string): boolean {
  const name = model.toLowerCase();
  return modelFacts(provider, model)?.reasons ?? (thinkers.some((pattern) => pattern.test(name)) && !others.test(name));
}

/** The provider's name of a token limit that includes reasoning. */
export function limitNameOf(provider: string, model: string): 'max_tokens' | 'max_completion_tokens' {
  const { limitName, reasoningNames } = vendorOf(provider);
  if (limitName === 'max_tokens') return limitName;
  // An unlisted name may be a self-hosted model. All servers accept the older name.
  const renamed = modelFacts(provider, model)?.reasons === true || reasoningNames?.test(model.toLowerCase()) === true;
  return renamed ? limitName : 'max_tokens';
}

/** True if the model refuses a chat without audio output. */
export function speaksByName(provider: string, model: string): boolean {
  if (provider !== 'openai' && provider !== 'azure') return false;
  return modelFacts(provider, model)?.audio ?? /^gpt-(4o(-mini)?-audio|audio)/.test(model.toLowerCase());
}

export const knownModes: readonly string[] =
  `chat completion embedding responses audio_speech audio_transcription image_generation image_edit video_generation rerank realtime
  batch ocr anthropic_messages moderation evaluation search decisions extraction vector_store guardrail`.split(/\s+/);

export function isKnownMode(mode: string): boolean {
  return knownModes.includes(mode);
}
