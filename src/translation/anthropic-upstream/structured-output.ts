import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody } from '../../providers/wire/index.ts';
import type { ClaudeTraits } from '../claude-traits.ts';
import type { TranslationFindings } from '../outcome.ts';
import { JSON_TOOL } from './notes.ts';
import { outputSchema } from './output-schema.ts';

/** How the model is made to answer in the form that `response_format` asks for. */
export type StructuredOutput =
  | { readonly kind: 'none' }
  | { readonly kind: 'native'; readonly format: JsonBody }
  /** A tool whose input is the answer. Without `choice` the model may call it. */
  | { readonly kind: 'tool'; readonly tool: JsonBody; readonly choice?: JsonBody };

interface OutputContext {
  readonly traits: ClaudeTraits;
  readonly findings: TranslationFindings;
  /** Whether the model may be made to call the tool. */
  readonly force: 'possible' | 'impossible';
}

/**
 * `response_format`. `json_object` asks for nothing: OpenAI wants a prompt that asks for JSON, and that prompt goes to
 * Claude too. LiteLLM does the same.
 */
export function structuredOutputOf(format: unknown, context: OutputContext): StructuredOutput {
  if (format === undefined || format === null) return { kind: 'none' };
  if (!isObject(format)) return invalid(context, 'response_format', 'must be an object');
  switch (format['type']) {
    case 'text':
    case 'json_object':
      return isObject(format['response_schema']) ? bySchema(format['response_schema'], context) : { kind: 'none' };
    case 'json_schema': {
      const wrapper = format['json_schema'];
      if (isObject(wrapper) && isObject(wrapper['schema'])) return bySchema(wrapper['schema'], context);
      return invalid(context, 'response_format.json_schema.schema', 'must be an object');
    }
    default:
      context.findings.unsupported('response_format', 'must be of type text, json_object or json_schema');
      return { kind: 'none' };
  }
}

const UNFORCED =
  'Call this tool to give the final answer to the user, in the required structure. Do not answer in plain text.';

function bySchema(schema: JsonBody, { traits, findings, force }: OutputContext): StructuredOutput {
  if (traits.structuredOutput === 'native') {
    return { kind: 'native', format: { type: 'json_schema', schema: outputSchema(schema) } };
  }
  if (schema['type'] !== undefined && schema['type'] !== 'object') {
    findings.unsupported('response_format', 'this model answers with objects only: the schema must be of type object');
    return { kind: 'none' };
  }
  const tool = { name: JSON_TOOL, input_schema: { properties: {}, ...schema, type: 'object' } };
  return force === 'possible' && traits.forcedTools === 'accepted'
    ? { kind: 'tool', tool, choice: { type: 'tool', name: JSON_TOOL, disable_parallel_tool_use: true } }
    : { kind: 'tool', tool: { ...tool, description: UNFORCED } };
}

function invalid({ findings }: OutputContext, path: string, why: string): StructuredOutput {
  findings.invalid(path, why);
  return { kind: 'none' };
}
