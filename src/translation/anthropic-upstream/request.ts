import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { claudeTraits } from '../claude-traits.ts';
import type { ClaudeTraits } from '../claude-traits.ts';
import { cacheControl, objectsOf, present } from '../fields.ts';
import { createFindings } from '../outcome.ts';
import type { TranslationFindings, Translation, UnsupportedFields } from '../outcome.ts';
import { anthropicNames, renameTools } from '../tool-names.ts';
import type { ToolNames } from '../tool-names.ts';
import { conversationOf } from './conversation.ts';
import { passedFields } from './passed-fields.ts';
import type { AnthropicUpstreamNotes } from './notes.ts';
import { samplingOf } from './sampling.ts';
import { structuredOutputOf } from './structured-output.ts';
import type { StructuredOutput } from './structured-output.ts';
import { thinkingOf } from './thinking.ts';
import { toolChoiceOf } from './tool-choice.ts';
import { namesInHistory, stubTool, toolsOf, webSearchTool } from './tools.ts';

/** How to translate a request for an Anthropic upstream. */
export interface AnthropicRequestOptions {
  /** The upstream's name of the model, without a provider. */
  readonly model: string;
  readonly unsupportedFields: UnsupportedFields;
  /** What the deployment's `model_info` says, over what the name says. */
  readonly traits?: Partial<ClaudeTraits>;
}

/** A chat completion request as a Messages request. */
export function toAnthropicRequest(
  body: JsonObject,
  { model, unsupportedFields, traits: given }: AnthropicRequestOptions,
): Translation<AnthropicUpstreamNotes> {
  const traits = { ...claudeTraits(model), ...given };
  const findings = createFindings(unsupportedFields);
  const toolNames = renameTools(namesOf(body), anthropicNames);
  const limit = limitOf(body, findings);
  const { thinking, effort } = thinkingOf(body, { limit, traits, findings });
  const { system, messages } = conversationOf(body['messages'], { toolNames, traits, findings });
  const output = structuredOutputOf(body['response_format'], {
    traits,
    findings,
    // A forced tool would keep the model from calling any other, and is not possible while it thinks.
    force: thinking === undefined && objectsOf(body['tools']).length === 0 ? 'possible' : 'impossible',
  });
  const translated = present({
    ...passedFields(body, findings),
    model,
    max_tokens: limit ?? defaultLimit(thinking, traits),
    system: system.length > 0 ? system : undefined,
    messages,
    ...toolFields(body, { toolNames, output, thinking, traits, findings }),
    ...samplingOf(body, { thinking, traits, findings }),
    stop_sequences: stopSequencesOf(body['stop'], findings),
    metadata: metadataOf(body),
    service_tier: serviceTierOf(body['service_tier'], findings),
    thinking,
    output_config: outputConfigOf(body, effort, output),
    stream: body['stream'] === true ? true : undefined,
    ...cacheControl(body),
  });
  return findings.conclude(translated, {
    toolNames,
    structuredOutput: output.kind === 'tool' ? 'tool' : 'text',
    usageChunk: isObject(body['stream_options']) && body['stream_options']['include_usage'] === true ? 'send' : 'omit',
  });
}

function namesOf(body: JsonObject): readonly string[] {
  const tools = objectsOf(body['tools']).flatMap((tool) => {
    const name = isObject(tool['function']) ? tool['function']['name'] : tool['name'];
    return typeof name === 'string' ? [name] : [];
  });
  return [...tools, ...namesInHistory(body['messages'])];
}

function limitOf(body: JsonObject, findings: TranslationFindings): number | undefined {
  const field = ['max_completion_tokens', 'max_tokens'].find((name) => (body[name] ?? null) !== null);
  if (field === undefined) return undefined;
  const value = body[field];
  if (typeof value === 'number' && Number.isFinite(value)) return Math.max(1, Math.round(value));
  findings.invalid(field, 'must be a number');
  return undefined;
}

/** Room for an answer beside a budget that the model's own limit does not hold. LiteLLM's number. */
const TOKENS_BESIDE_BUDGET = 4_096;

/** The Messages API needs a limit. A budget for thinking must be below it. */
function defaultLimit(thinking: JsonBody | undefined, { maxTokens }: ClaudeTraits): number {
  const budget = thinking?.['budget_tokens'];
  return typeof budget === 'number' && budget >= maxTokens ? budget + TOKENS_BESIDE_BUDGET : maxTokens;
}

interface ToolContext {
  readonly toolNames: ToolNames;
  readonly output: StructuredOutput;
  readonly thinking: JsonBody | undefined;
  readonly traits: ClaudeTraits;
  readonly findings: TranslationFindings;
}

function toolFields(body: JsonObject, { toolNames, output, thinking, traits, findings }: ToolContext): JsonBody {
  const tools = [
    ...toolsOf(body['tools'], { toolNames, findings }),
    ...webSearchTool(body['web_search_options']),
    ...(output.kind === 'tool' ? [output.tool] : []),
  ];
  if (tools.length === 0) return historyTools(body, toolNames);
  if (output.kind === 'tool' && output.choice !== undefined) return { tools, tool_choice: output.choice };
  return { tools, tool_choice: toolChoiceOf(body, { toolNames, thinking, traits, findings }) };
}

/** Messages with tool calls need tools beside them. Without tools in the request the model must not call any. */
function historyTools(body: JsonObject, toolNames: ToolNames): JsonBody {
  const names = [...new Set(namesInHistory(body['messages']))];
  if (names.length === 0) return {};
  return { tools: names.map((name) => stubTool(toolNames.sent(name))), tool_choice: { type: 'none' } };
}

/** Anthropic refuses sequences of white space only. */
function stopSequencesOf(stop: unknown, findings: TranslationFindings): readonly string[] | undefined {
  if (stop === undefined || stop === null) return undefined;
  const given = Array.isArray(stop) ? (stop as readonly unknown[]) : [stop];
  const texts = given.filter((text) => typeof text === 'string');
  if (texts.length < given.length) findings.invalid('stop', 'must be a text or a list of texts');
  const usable = texts.filter((text) => text.trim() !== '');
  if (usable.length < texts.length) findings.unsupported('stop', 'Anthropic has no stop sequences of white space only');
  return usable.length > 0 ? usable : undefined;
}

/** Anthropic asks for an opaque id. LiteLLM sends no address and no phone number. */
function metadataOf({ user, metadata }: JsonObject): JsonBody | undefined {
  const id = [isObject(metadata) ? metadata['user_id'] : undefined, user].find(
    (value) => typeof value === 'string' && value !== '' && !EMAIL.test(value) && !PHONE.test(value),
  );
  return id === undefined ? undefined : { user_id: id };
}

const EMAIL = /^[\w.%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/;
const PHONE = /^\+?[\d\s()-]{7,}$/;

function serviceTierOf(tier: unknown, findings: TranslationFindings): string | undefined {
  if (tier === undefined || tier === null) return undefined;
  if (tier === 'auto' || tier === 'standard_only') return tier;
  if (tier === 'default') return 'standard_only';
  findings.unsupported('service_tier', 'Anthropic has auto and standard_only');
  return undefined;
}

function outputConfigOf(body: JsonObject, effort: string | undefined, output: StructuredOutput): JsonBody | undefined {
  const given = isObject(body['output_config']) ? body['output_config'] : {};
  const config = present({ ...given, effort: effort ?? given['effort'], ...native(output) });
  return Object.keys(config).length > 0 ? config : undefined;
}

function native(output: StructuredOutput): JsonBody {
  return output.kind === 'native' ? { format: output.format } : {};
}
