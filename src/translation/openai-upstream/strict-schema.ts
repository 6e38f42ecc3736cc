import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';

/**
 * A JSON schema as OpenAI's strict mode takes it, which alone guarantees the form that Anthropic guarantees: every object
 * lists all properties as required and has no others. An answer to it satisfies the schema of the request too.
 */
export function strictSchema(schema: JsonObject): JsonBody {
  const kept = Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, valueOf(keyword, value)]));
  const { type, properties } = schema;
  if (type !== 'object' || !isObject(properties)) return kept;
  return { ...kept, required: Object.keys(properties), additionalProperties: false };
}

function valueOf(keyword: string, value: unknown): unknown {
  switch (keyword) {
    case 'properties':
    case '$defs':
    case 'definitions':
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, nested(schema)]));
    case 'items':
      return nested(value);
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return Array.isArray(value) ? value.map(nested) : value;
    default:
      return value;
  }
}

function nested(schema: unknown): unknown {
  return isObject(schema) ? strictSchema(schema) : schema;
}
