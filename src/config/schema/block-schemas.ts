import { z } from 'zod';
import { fleetSettings } from './fleet-schema.ts';
import {
  deploymentLimits,
  entryLimits,
  generalTrafficKeys,
  litellmTrafficKeys,
  routerSettings,
} from './routing-schema.ts';
import {
  cacheType,
  generalSettings,
  litellmSettings,
  modelInfo,
  modelName,
  redisSettings,
  upstreamParams,
} from './schema.ts';

/** The rules of blocks that no rule of an outer block leads to. Named as in the table of known keys. */
const blockSchemas: Readonly<Record<string, readonly z.ZodType[]>> = {
  general_settings: [generalSettings, generalTrafficKeys],
  'general_settings.coordination_redis': [redisSettings],
  litellm_settings: [litellmSettings, litellmTrafficKeys],
  router_settings: [routerSettings],
  'litellm_settings.cache_params': [cacheType, redisSettings],
  fleet_health: [fleetSettings],
  'model_list[]': [modelName, entryLimits],
  'model_list[].litellm_params': [upstreamParams, deploymentLimits],
  'model_list[].model_info': [modelInfo],
};

/** The rule of one key, for the reference page and the JSON Schema; undefined where the key is read by hand. */
export function ruleOf(block: string, key: string): z.ZodType | undefined {
  for (const schema of blockSchemas[block] ?? [innerSchema(block)]) {
    const shape: Readonly<Record<string, unknown>> = schema instanceof z.ZodObject ? schema.shape : {};
    const rule = shape[key];
    if (rule instanceof z.ZodType) return rule;
  }
  return undefined;
}

/** The values that a rule accepts, from its error message for a value that every rule rejects. */
export function expectedBy(rule: z.ZodType): string | undefined {
  return rule.safeParse(wrong).error?.issues[0]?.message;
}

const wrong = Symbol('wrong for every rule');

/** The rule of a block or of a list's items, from the rule of the block around it. */
function innerSchema(block: string): unknown {
  const [, outer = '', key = '', items = ''] = /^(.*)\.([^.[]+)((?:\[\])?)$/.exec(block) ?? [];
  const rule = outer === '' ? undefined : ruleOf(outer, key);
  const unwrapped: unknown = rule instanceof z.ZodOptional ? rule.unwrap() : rule;
  // A block that one word can stand for.
  const inner: unknown = unwrapped instanceof z.ZodPipe ? unwrapped.out : unwrapped;
  return items === '' || !(inner instanceof z.ZodArray) ? inner : inner.element;
}
