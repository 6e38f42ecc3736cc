import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { cacheControl, objectsOf, present } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';
import type { ToolNames } from '../tool-names.ts';

interface ToolsContext {
  readonly toolNames: ToolNames;
  readonly findings: TranslationFindings;
}

/** Functions as client tools. Tools in Anthropic's own form go as they are. */
export function toolsOf(tools: unknown, context: ToolsContext): readonly JsonBody[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) {
    context.findings.invalid('tools', 'must be a list');
    return [];
  }
  return tools.flatMap((tool: unknown, at) => toolOf(tool, `tools[${at}]`, context));
}

function toolOf(tool: unknown, path: string, { toolNames, findings }: ToolsContext): readonly JsonBody[] {
  if (!isObject(tool)) {
    findings.invalid(path, 'must be an object');
    return [];
  }
  const { type, function: definition } = tool;
  if (isObject(definition) && (type === 'function' || type === undefined)) {
    const { name } = definition;
    if (typeof name === 'string') return [functionTool(tool, definition, toolNames.sent(name))];
    findings.invalid(`${path}.function.name`, 'must be a text');
    return [];
  }
  // Of Anthropic's tools, those of the client have an input_schema, and those of the server a dated type.
  if (isObject(tool['input_schema']) || (typeof type === 'string' && /_\d{8}$/.test(type))) return [tool];
  const named = typeof type === 'string' ? type : 'unknown';
  if (type === 'function') findings.invalid(`${path}.function`, 'is missing');
  else findings.unsupported(path, `the Messages API has no tool of type ${named}`);
  return [];
}

function functionTool(tool: JsonObject, definition: JsonObject, name: string): JsonBody {
  return present({
    name,
    description: definition['description'],
    input_schema: inputSchema(definition['parameters']),
    // Only where it asks for something: older models do not know the field.
    strict: definition['strict'] === true ? true : undefined,
    ...cacheControl(tool, definition),
  });
}

/** Anthropic wants an object, also where a tool takes nothing. */
function inputSchema(parameters: unknown): JsonBody {
  const schema = isObject(parameters) ? parameters : {};
  return { ...schema, type: 'object', properties: schema['properties'] ?? {} };
}

/** Names of tools that earlier messages called. */
export function namesInHistory(messages: unknown): readonly string[] {
  return objectsOf(messages)
    .flatMap((message) => objectsOf(message['tool_calls']))
    .flatMap(({ function: called }) =>
      isObject(called) && typeof called['name'] === 'string' ? [called['name']] : [],
    );
}

/** A tool that is only named, for a request whose messages call it. */
export function stubTool(name: string): JsonBody {
  return { name, input_schema: { type: 'object', properties: {} } };
}

/** Searches for each `search_context_size`. LiteLLM's numbers. */
const mostSearches: ReadonlyMap<unknown, number> = new Map([
  ['low', 1],
  ['medium', 5],
  ['high', 10],
]);

/** OpenAI's `web_search_options` as Anthropic's server tool. */
export function webSearchTool(options: unknown): readonly JsonBody[] {
  if (!isObject(options)) return [];
  const { search_context_size: size, user_location: location } = options;
  const place = isObject(location) && isObject(location['approximate']) ? location['approximate'] : undefined;
  return [
    present({
      type: 'web_search_20250305',
      name: 'web_search',
      max_uses: mostSearches.get(size),
      user_location: place === undefined ? undefined : { ...present(place), type: 'approximate' },
    }),
  ];
}
