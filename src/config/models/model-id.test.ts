import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { modelIdsOf } from './model-id.ts';
import { parseYaml } from '../yaml/parse.ts';
import type { MapNode } from '../yaml/tree.ts';

function params(yaml: string): MapNode {
  const parsed = parseYaml(yaml);
  if (parsed.kind !== 'parsed' || parsed.root.kind !== 'map') throw new Error('not a mapping');
  return parsed.root;
}

describe('the id of a deployment without one', () => {
  it("is LiteLLM's for a plain deployment", () => {
    const yaml = 'model: openai/gpt-4o-mini\napi_base: http://127.0.0.1:24010/v1\napi_key: sk-upstream\n';
    expect(modelIdsOf('ok-chat', params(yaml)).modelId).toBe(
      '81aa83dbd0706369bcc3153ec63f15726921e3f2ba4287151ae1e0af87361475',
    );
  });

  it('prints values of every kind as Python does', () => {
    const yaml = `
model: openai/gpt-4o-mini
api_key: null
drop_params: true
rpm: 60
temperature: 0.5
cost: 1.5e-06
big: 1.0e+16
one: 1.0
neg: -0.0
tags: [a, "it's", 'say "hi"', yes, ~, 2.0, { k: v, n: [1] }]
extra_body: { é: ü, deep: { 'on': on, 'off': null, f: 0.00001, l: [1, 2.0] } }
text: 'yes'
sci: 1e-6
empty: []
none: {}
`;
    const printed =
      `grpmodelopenai/gpt-4o-miniapi_keyNonedrop_paramsTruerpm60temperature0.5cost1.5e-06big1e+16one1.0neg-0.0` +
      `tags['a', "it's", 'say "hi"', True, None, 2.0, {'k': 'v', 'n': [1]}]` +
      String.raw`extra_body{"\u00e9": "\u00fc", "deep": {"on": true, "off": null, "f": 1e-05, "l": [1, 2.0]}}` +
      `textyessci1e-6empty[]none{}`;
    const expected = createHash('sha256').update(printed).digest('hex');
    // What Python 3.11 computed from the same values.
    expect(expected).toBe('4ffad0d28576b2574ec0812d37d6733170e1466ff007481fa1805f889c635561');
    expect(modelIdsOf('grp', params(yaml))).toEqual({ modelId: expected });
  });

  it('depends on the order of the parameters', () => {
    expect(modelIdsOf('a', params('x: 1\ny: 2'))).not.toEqual(modelIdsOf('a', params('y: 2\nx: 1')));
  });
});
