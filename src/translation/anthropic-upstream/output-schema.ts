import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';

/**
 * A JSON schema as Anthropic's structured output accepts it. Keywords that it refuses move into the description, as
 * Anthropic's own clients do; objects get no further properties.
 */
export function outputSchema(schema: JsonObject): JsonBody {
  const kept = Object.entries(schema).flatMap(([keyword, value]) => entryOf(keyword, value));
  const unions = kept.filter(([keyword]) => keyword === 'anyOf').flatMap(([, value]) => value as readonly unknown[]);
  const result: JsonBody = {
    ...Object.fromEntries(kept),
    ...(unions.length > 0 ? { anyOf: unions } : {}),
    ...descriptionOf(schema),
  };
  return isObjectSchema(result) ? { ...result, additionalProperties: false } : result;
}

/** What each refused keyword asks for. `{}` stands for its value. */
const notes: ReadonlyMap<string, string> = new Map([
  ['minItems', 'minimum number of items: {}'],
  ['maxItems', 'maximum number of items: {}'],
  ['uniqueItems', 'all array items must be unique'],
  ['contains', 'array must contain an item matching: {}'],
  ['minContains', 'minimum number of matching items: {}'],
  ['maxContains', 'maximum number of matching items: {}'],
  ['prefixItems', 'leading items must match, in order: {}'],
  ['minimum', 'minimum value: {}'],
  ['maximum', 'maximum value: {}'],
  ['exclusiveMinimum', 'exclusive minimum value: {}'],
  ['exclusiveMaximum', 'exclusive maximum value: {}'],
  ['multipleOf', 'must be a multiple of {}'],
  ['minLength', 'minimum length: {}'],
  ['maxLength', 'maximum length: {}'],
  ['minProperties', 'minimum number of properties: {}'],
  ['maxProperties', 'maximum number of properties: {}'],
  ['patternProperties', 'properties whose names match each pattern must satisfy: {}'],
  ['propertyNames', 'property names must satisfy: {}'],
  ['dependentRequired', 'dependent required properties: {}'],
  ['dependentSchemas', 'dependent schemas: {}'],
  ['unevaluatedProperties', 'unevaluated properties must satisfy: {}'],
  ['if', 'conditional (if): {}'],
  ['then', 'conditional (then): {}'],
  ['else', 'conditional (else): {}'],
  ['not', 'must not match: {}'],
]);

function isRefused(keyword: string, value: unknown): boolean {
  // The only bound of a list that Anthropic enforces.
  if (keyword === 'minItems' && (value === 0 || value === 1)) return false;
  return notes.has(keyword);
}

function entryOf(keyword: string, value: unknown): readonly [string, unknown][] {
  if (isRefused(keyword, value)) return [];
  switch (keyword) {
    case 'properties':
    case '$defs':
    case 'definitions':
      return [[keyword, isObject(value) ? mapValues(value) : value]];
    case 'items':
      return [[keyword, nested(value)]];
    case 'allOf':
      return [[keyword, Array.isArray(value) ? value.map(nested) : value]];
    case 'anyOf':
    case 'oneOf':
      return Array.isArray(value) ? [['anyOf', value.map(nested)]] : [];
    default:
      return [[keyword, value]];
  }
}

function mapValues(schemas: JsonObject): JsonBody {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, nested(schema)]));
}

function nested(schema: unknown): unknown {
  return isObject(schema) ? outputSchema(schema) : schema;
}

function descriptionOf(schema: JsonObject): JsonBody {
  const asked = [...notes]
    // `uniqueItems: false` asks for nothing.
    .filter(([keyword]) => keyword in schema && schema[keyword] !== false && isRefused(keyword, schema[keyword]))
    .map(([keyword, note]) => note.replace('{}', () => JSON.stringify(schema[keyword])));
  if (asked.length === 0) return {};
  const own = typeof schema['description'] === 'string' ? `${schema['description']} ` : '';
  return { description: `${own}Note: ${asked.join(', ')}.` };
}

function isObjectSchema({ type, properties }: JsonBody): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || isObject(properties);
}
