import { z } from 'zod';
import { classOf, expectedBy, isOurs, keysOf, keyTable, ruleOf } from '../schema/index.ts';
import { keyDocs } from './key-docs.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The configuration file as a JSON Schema, for editors and other tools. It accepts more than the loader where a
 * schema cannot express a rule: `allswell config validate` decides.
 *
 * @example
 * configJsonSchema()['$schema'] // 'http://json-schema.org/draft-07/schema#'
 */
export function configJsonSchema(): JsonSchema {
  return {
    // The draft with the widest support in editors.
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'proxy_config.yaml as allswell reads it',
    ...blockSchema(''),
    definitions: {
      left_out: {
        description: 'Empty counts as absent; os.environ/NAME is replaced by that environment variable.',
        anyOf: [{ type: 'null' }, { type: 'string', pattern: '^(os\\.environ/.+)?$' }],
      },
    },
  };
}

function blockSchema(block: string): JsonSchema {
  const required = keysOf(block).filter((key) => isRequired(block, key));
  return {
    type: 'object',
    properties: Object.fromEntries(keysOf(block).map((key) => [key, keySchema(block, key)])),
    ...(required.length > 0 && { required }),
    ...(isOurs(block) && { additionalProperties: false }),
  };
}

function isRequired(block: string, key: string): boolean {
  // The same rule reads `health_check_params`, where a model may be left out.
  if (block === 'model_list[].litellm_params') return key === 'model';
  return ruleOf(block, key)?.safeParse(undefined).success === false;
}

function keySchema(block: string, key: string): JsonSchema {
  const description = { description: descriptionOf(block, key) };
  const inside = block === '' ? key : `${block}.${key}`;
  const kind = classOf(block, key);
  if (kind === 'protective') return description;
  if (inside in keyTable) {
    return { ...description, anyOf: [blockSchema(inside), ...(orOneWord[inside] ?? []), leftOut] };
  }
  if (`${inside}[]` in keyTable) {
    return { ...description, anyOf: [{ type: 'array', items: blockSchema(`${inside}[]`) }, leftOut] };
  }
  if (kind !== undefined && kind !== 'honoured') return description;
  const rule = ruleOf(block, key);
  return { ...description, anyOf: [byHand[inside] ?? (rule && valueSchema(rule)), leftOut] };
}

const leftOut: JsonSchema = { $ref: '#/definitions/left_out' };

/** Blocks that one word can stand for. */
const orOneWord: Readonly<Record<string, readonly JsonSchema[]>> = {
  'fleet_health.litellm_bridge': [{ type: ['boolean', 'string'] }],
};

/** Keys that have no rule, or accept more than their rule. */
const byHand: Readonly<Record<string, JsonSchema>> = {
  include: { type: 'array', items: { type: 'string' } },
  environment_variables: { type: 'object' },
  credential_list: {
    type: 'array',
    items: {
      type: 'object',
      required: ['credential_name', 'credential_values'],
      properties: { credential_name: { type: 'string' }, credential_values: { type: 'object' } },
    },
  },
  'model_list[].litellm_params.organization': {
    anyOf: [{ type: ['string', 'number'] }, { type: 'array', items: { type: ['string', 'number'] } }],
  },
  // The loader ignores values that are not mappings.
  'model_list[].litellm_params.headers': {},
  'model_list[].litellm_params.tags': {},
  'model_list[].litellm_params.extra_body': {},
  'model_list[].model_info.health_check_params': { type: 'object' },
};

function valueSchema(rule: z.ZodType): JsonSchema {
  const { $schema: _draft, ...schema } = z.toJSONSchema(rule, { io: 'input', target: 'draft-7' });
  return schema;
}

function descriptionOf(block: string, key: string): string {
  const kind = classOf(block, key);
  if (kind === 'protective') {
    return 'Security setting that allswell does not enforce: refused unless fleet_health.accept_ignored lists it.';
  }
  if (kind === 'harmless') return 'Not used by allswell.';
  if (kind === 'routing') return 'No effect: allswell does not implement this setting of LiteLLM routing.';
  const doc = keyDocs[block]?.[key];
  if (doc === undefined) throw new Error(`${block}.${key} is honoured but has no documentation`);
  const rule = ruleOf(block, key);
  const expected = rule === undefined ? undefined : expectedBy(rule);
  const absent = doc.default.startsWith('required')
    ? `${capital(doc.default)}.`
    : doc.default && `Default: ${doc.default}.`;
  const texts = [doc.meaning, expected && `Takes ${expected}.`, absent];
  return texts
    .filter(Boolean)
    .join(' ')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
