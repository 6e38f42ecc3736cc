import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { cacheControl, objectsOf, present } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';
import type { ToolNames } from '../tool-names.ts';
import type { OpenAiDialect } from './notes.ts';

interface ToolsContext {
  readonly toolNames: ToolNames;
  readonly dialect: OpenAiDialect;
  readonly findings: TranslationFindings;
}

/** Client tools as functions. Anthropic's server tools run at Anthropic only; web search has a field of its own. */
export function toolsOf(tools: unknown, context: ToolsContext): readonly JsonBody[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) {
    context.findings.invalid('tools', 'must be a list');
    return [];
  }
  return tools.flatMap((tool: unknown, at) => toolOf(tool, `tools[${at}]`, context));
}

function toolOf(tool: unknown, path: string, { toolNames, dialect, findings }: ToolsContext): readonly JsonBody[] {
  if (!isObject(tool) || typeof tool['name'] !== 'string') {
    findings.invalid(path, 'must be an object with a name');
    return [];
  }
  if (isWebSearch(tool)) return [];
  const { type, name, description, input_schema: parameters, strict } = tool;
  if (type !== undefined && type !== null && type !== 'custom') {
    findings.unsupported(path, `tools of type ${JSON.stringify(type)} run at Anthropic only`);
    return [];
  }
  const definition = present({ name: toolNames.sent(name), description, parameters, strict });
  return [{ type: 'function', function: definition, ...(dialect === 'extended' ? cacheControl(tool) : {}) }];
}

/** Anthropic's web search as OpenAI's `web_search_options`. */
export function webSearchOf(tools: unknown): JsonBody | undefined {
  const tool = objectsOf(tools).find(isWebSearch);
  if (tool === undefined) return undefined;
  const { user_location: location } = tool;
  if (!isObject(location)) return {};
  const { type: _type, ...approximate } = location;
  return { user_location: { type: 'approximate', approximate: present(approximate) } };
}

function isWebSearch({ type }: JsonObject): boolean {
  return typeof type === 'string' && type.startsWith('web_search_');
}

/** `tool_choice`, and `parallel_tool_calls` where the request says something about it. */
export function toolChoiceOf(
  choice: unknown,
  { toolNames, findings }: Pick<ToolsContext, 'toolNames' | 'findings'>,
): JsonBody {
  if (choice === undefined || choice === null) return {};
  const { type, name, disable_parallel_tool_use: disabled } = isObject(choice) ? choice : {};
  const parallel = typeof disabled === 'boolean' ? { parallel_tool_calls: !disabled } : {};
  switch (type) {
    case 'auto':
      return { tool_choice: 'auto', ...parallel };
    case 'none':
      return { tool_choice: 'none' };
    case 'any':
      return { tool_choice: 'required', ...parallel };
    case 'tool':
      if (typeof name === 'string') {
        return { tool_choice: { type: 'function', function: { name: toolNames.sent(name) } }, ...parallel };
      }
  }
  findings.invalid('tool_choice', 'must be of type auto, any, none or tool, the last with a name');
  return {};
}

/** Names of tools that earlier messages called. */
export function namesInHistory(messages: unknown): readonly string[] {
  return objectsOf(messages)
    .flatMap((message) => objectsOf(message['content']))
    .flatMap(({ type, name }) => (type === 'tool_use' && typeof name === 'string' ? [name] : []));
}
