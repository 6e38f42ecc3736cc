import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configJsonSchema } from './json-schema.ts';
import { keyTable } from '../schema/known-keys.ts';

// zod reads JSON Schema as well as it writes it: a check by the same library, but through the document.
const document: Parameters<typeof z.fromJSONSchema>[0] = JSON.parse(JSON.stringify(configJsonSchema()));
const schema = z.fromJSONSchema(document);
const holds = (yaml: string): boolean => schema.safeParse(parse(yaml)).success;

describe('the JSON Schema of the configuration', () => {
  it.each(globSync('examples/**/*.yaml'))('is true of %s, which names it for editors', (path) => {
    const text = readFileSync(path, 'utf8');
    expect(schema.safeParse(parse(text)).error?.issues).toBeUndefined();
    expect(text.split('\n')[0]).toBe(
      '# yaml-language-server: $schema=../../docs/reference/config.schema.generated.json',
    );
  });

  it.each([
    'general_settings: { health_check_interval: soon }',
    'general_settings: { health_check_interval: 0 }',
    'general_settings: [a]',
    'fleet_health: { rise: 11 }',
    'fleet_health: { metrics_auth: maybe }',
    'fleet_health: { level: { mode: { chat: deep } } }',
    'model_list: [{ model_name: a }]',
    'model_list: { model_name: a }',
    'model_list: [{ model_name: a, litellm_params: { api_key: k } }]',
    'litellm_settings: { cache_params: { port: 70000 } }',
  ])('is not true of %s', (yaml) => {
    expect(holds(yaml)).toBe(false);
  });

  it.each([
    'general_settings: { health_check_interval: "300" }',
    'general_settings: { health_check_interval: os.environ/EVERY, master_key: }',
    'general_settings:',
    'fleet_health: { concurrency: { total: 3 } }',
    'litellm_settings: { cache_params: { redis_startup_nodes: [{ host: a, port: "7001" }] } }',
    'general_settings: { coordination_redis: { sentinel_nodes: [[s, 26379]], service_name: m } }',
    'model_list: [{ model_name: a, litellm_params: { model: openai/a, organization: [org-1, org-2] } }]',
    'include: [more.yaml]\nanything_else: 3',
  ])('is true of %s', (yaml) => {
    expect(holds(yaml)).toBe(true);
  });

  it('describes every key that is known', () => {
    const text = JSON.stringify(configJsonSchema());
    const keys = Object.values(keyTable).flatMap((classes) => Object.values(classes).flat());
    expect(keys.filter((key) => !text.includes(`"${key}":{"description":"`))).toEqual([]);
  });

  it('is committed as it is made', () => {
    const committed = readFileSync('docs/reference/config.schema.generated.json', 'utf8');
    expect(committed === `${JSON.stringify(configJsonSchema(), null, 1)}\n`).toBe(true);
  });
});
