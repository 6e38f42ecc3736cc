import { z } from 'zod';
import { classOf, expectedBy, isOurs, keysOf, keyTable, ruleOf } from '../schema/index.ts';
import { keyDocs } from './key-docs.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The configuration file as a JSON Schema, for editors and other tools. It is wider than the loader where that cannot be
 * said in a schema: `allswell config validate` has the last word.
 *
 * @example
 * configJsonSchema()['$schema'] // 'http://json-schema.org/draft-07/schema#'
 */
export function configJsonSchema(): JsonSchema {
  return {
    // The draft that editors know best.
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'proxy_config.yaml as allswell reads it',
    ...blockSchema(''),
    definitions: {
      left_out: {
        description: 'Empty counts as absent; os.environ/NAME stands for an environment variable.',
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
  if (inside in keyTable) return { ...description, anyOf: [blockSchema(inside), leftOut] };
  if (`${inside}[]` in keyTable) {
    return { ...description, anyOf: [{ type: 'array', items: blockSchema(`${inside}[]`) }, leftOut] };
  }
  if (kind !== undefined && kind !== 'honoured') return description;
  const rule = ruleOf(block, key);
  return { ...description, anyOf: [byHand[inside] ?? (rule && valueSchema(rule)), leftOut] };
}

const leftOut: JsonSchema = { $ref: '#/definitions/left_out' };

/** Keys whose values are read without a rule, or in more ways than it knows. */
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
  // What is no mapping is ignored.
  'model_list[].litellm_params.headers': {},
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
    return `Protects something, and allswell does not implement it: refused unless fleet_health.accept_ignored names it.`;
  }
  if (kind === 'harmless') return 'Not used by allswell.';
  if (kind === 'routing') return 'Has no effect in this version: it acts on the routing of requests.';
  const doc = keyDocs[block]?.[key];
  if (doc === undefined) throw new Error(`${block}.${key} is honoured and not explained`);
  const rule = ruleOf(block, key);
  const expected = rule === undefined ? undefined : expectedBy(rule);
  const texts = [doc.meaning, expected && `Takes ${expected}.`, doc.default && `Default: ${doc.default}.`];
  return texts
    .filter(Boolean)
    .join(' ')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');
}
