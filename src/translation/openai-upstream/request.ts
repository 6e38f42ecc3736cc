import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { objectsOf, present } from '../fields.ts';
import { createFindings } from '../outcome.ts';
import type { TranslationFindings, Translation, UnsupportedFields } from '../outcome.ts';
import { openAiNames, renameTools } from '../tool-names.ts';
import { messagesOf } from './messages.ts';
import type { OpenAiDialect, OpenAiUpstreamNotes } from './notes.ts';
import { passedFields } from './passed-fields.ts';
import { reasoningOf } from './reasoning.ts';
import { strictSchema } from './strict-schema.ts';
import { namesInHistory, toolChoiceOf, toolsOf, webSearchOf } from './tools.ts';

/** How to translate a request for an OpenAI upstream. */
export interface OpenAiRequestOptions {
  /** The upstream's name of the model, without a provider. */
  readonly model: string;
  readonly unsupportedFields: UnsupportedFields;
  readonly dialect: OpenAiDialect;
  /** Reasoning models of OpenAI refuse `max_tokens`, and many other servers know nothing else. */
  readonly limitName: 'max_tokens' | 'max_completion_tokens';
  /** Whether the model takes `reasoning_effort`. */
  readonly reasoning: 'accepted' | 'refused';
}

/** A Messages request as a chat completion request. */
export function toOpenAiRequest(body: JsonObject, options: OpenAiRequestOptions): Translation<OpenAiUpstreamNotes> {
  const { model, dialect, limitName, reasoning, unsupportedFields } = options;
  const findings = createFindings(unsupportedFields);
  const toolNames = renameTools([...namesOf(body['tools']), ...namesInHistory(body['messages'])], openAiNames);
  const tools = toolsOf(body['tools'], { toolNames, dialect, findings });
  const translated = present({
    ...passedFields(body, findings),
    model,
    messages: messagesOf(body, { toolNames, dialect, findings }),
    [limitName]: limitOf(body['max_tokens'], findings),
    ...(tools.length > 0 ? { tools, ...toolChoiceOf(body['tool_choice'], { toolNames, findings }) } : {}),
    web_search_options: webSearchOf(body['tools']),
    stop: stopOf(body['stop_sequences'], findings),
    reasoning_effort: reasoningOf(body, { reasoning, findings }),
    response_format: responseFormatOf(body, findings),
    user: isObject(body['metadata']) ? body['metadata']['user_id'] : undefined,
    service_tier: body['service_tier'] === 'standard_only' ? 'default' : body['service_tier'],
    // Anthropic's streams always end with usage.
    ...(body['stream'] === true ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
  return findings.conclude(translated, { toolNames });
}

function namesOf(tools: unknown): readonly string[] {
  return objectsOf(tools).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
}

function limitOf(limit: unknown, findings: TranslationFindings): unknown {
  if (limit !== undefined && typeof limit !== 'number') findings.invalid('max_tokens', 'must be a number');
  return limit;
}

function stopOf(sequences: unknown, findings: TranslationFindings): unknown {
  if (sequences === undefined || sequences === null) return undefined;
  if (Array.isArray(sequences)) return sequences.length > 0 ? sequences : undefined;
  findings.invalid('stop_sequences', 'must be a list');
  return undefined;
}

/** `output_config.format`, and the older `output_format`. */
function responseFormatOf(body: JsonObject, findings: TranslationFindings): JsonBody | undefined {
  const config = isObject(body['output_config']) ? body['output_config'] : {};
  const format = body['output_format'] ?? config['format'];
  if (format === undefined || format === null) return undefined;
  const field = body['output_format'] === undefined ? 'output_config.format' : 'output_format';
  if (!isObject(format) || format['type'] !== 'json_schema' || !isObject(format['schema'])) {
    findings.invalid(field, 'must be of type json_schema, with a schema');
    return undefined;
  }
  const schema = strictSchema(format['schema']);
  return { type: 'json_schema', json_schema: { name: 'structured_output', strict: true, schema } };
}
