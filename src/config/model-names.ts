// What a model's name alone tells, where the file says nothing. Wrong guesses cost a misleading probe, so each list holds
// only families whose every member behaves alike.

const modes: readonly (readonly [RegExp, string])[] = [
  [/(^|[/-])(text-)?embed(ding|dings)?([-/]|$)/, 'embedding'],
  // OpenAI answers these nowhere else; whoever resells them has chat for them.
  [/^(o[13]-pro|gpt-5(\.\d+)?-(pro|codex)|codex-mini|o[34](-mini)?-deep-research|computer-use-preview)/, 'responses'],
  [/(^|\/)gpt-3\.5-turbo-instruct|(^|\/)(davinci|babbage)-002/, 'completion'],
  [/(^|\/)(dall-e|gpt-image)-/, 'image_generation'],
  [/(^|\/)(whisper|gpt-4o(-mini)?-transcribe)/, 'audio_transcription'],
  [/(^|\/)(tts-1|gpt-4o-mini-tts)/, 'audio_speech'],
  [/(^|\/)(gpt-4o(-mini)?-realtime|gpt-realtime)/, 'realtime'],
  [/(^|[/-])rerank/, 'rerank'],
];

/** @example modeByName('text-embedding-3-small') // 'embedding' */
export function modeByName(model: string): string {
  return modes.find(([pattern]) => pattern.test(model.toLowerCase()))?.[1] ?? 'chat';
}

// Those that think unless told otherwise, and those that LiteLLM's price map says can.
const thinkers = [
  /(^|[/-])(o[134](-(mini|pro|preview|deep-research))?|gpt-5|gpt-oss|deepseek-(r1|reasoner)|qwq|magistral)([-.:]|$)/,
  /(^|\/)(claude-(3-7|(opus|sonnet|haiku)-[4-9])|gemini-(2\.5|[3-9])|grok-(3-mini|4|code)|sonar-(reasoning|deep-research))/,
];
const others = /gpt-5[.\d]*-chat|non-reasoning|-image|-tts/;

/** Whether the model thinks before it answers: it needs more tokens, and counts them elsewhere. */
export function reasonsByName(model: string): boolean {
  const name = model.toLowerCase();
  return thinkers.some((pattern) => pattern.test(name)) && !others.test(name);
}

export const knownModes: readonly string[] =
  `chat completion embedding responses audio_speech audio_transcription image_generation image_edit video_generation rerank realtime
  batch ocr anthropic_messages moderation evaluation`.split(/\s+/);

export function isKnownMode(mode: string): boolean {
  return knownModes.includes(mode);
}
