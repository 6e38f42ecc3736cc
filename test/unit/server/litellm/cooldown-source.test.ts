import { describe, expect, it } from 'vitest';
import { downView, fleetDouble, NOW, upView } from '../../../golden/fleet-double.ts';
import { loadConfig } from '../../../../src/config/index.ts';
import type { Overload } from '../../../../src/health/index.ts';
import type { TargetView } from '../../../../src/ports/index.ts';
import { createCooldownSource } from '../../../../src/server/litellm/cooldown-source.ts';

const text = `
model_list: [{ model_name: a, litellm_params: { model: openai/a, api_key: sk-a }, model_info: { id: id-a } }]
general_settings: { background_health_checks: true, health_check_interval: 20 }`;

/** Ids that a pod would cool down. */
function cooled(view: (id: string) => TargetView, others: 'other pods' | 'no other pod'): readonly string[] {
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(loaded.problems[0]?.message);
  const { config } = loaded;
  const fleet = fleetDouble(config.targets.map(({ id }) => view(id)));
  fleet.next = { ...fleet.next, hasSecondWitness: others === 'other pods' };
  const source = createCooldownSource({ config, fleet, redact: (line) => line });
  return source.candidates().map(({ modelId }) => modelId);
}

function rateLimited(hosts: readonly string[], quietMs = 60_000): (id: string) => TargetView {
  const at = NOW - 1_000_000;
  const overload: Overload = {
    status: 429,
    message: 'too many requests',
    level: 'inference',
    since: at,
    at,
    length: hosts.length,
    witnesses: hosts.map((host, i) => ({ pod: host, host, at, position: i + 1 })),
    quietMs,
  };
  return (id) => {
    const { facts, ...view } = upView(id, { state: 'degraded' });
    return { ...view, facts: facts && { ...facts, overload } };
  };
}

describe('the deployments that a pod would cool down', () => {
  it('have a Retry-After that two hosts received', () => {
    expect(cooled(rateLimited(['one', 'two']), 'other pods')).toEqual(['id-a']);
    expect(cooled(rateLimited(['one', 'two'], 500), 'other pods')).toEqual([]);
  });

  it('lack those with a Retry-After that one host alone received, unless no other can confirm it', () => {
    expect(cooled(rateLimited(['one']), 'other pods')).toEqual([]);
    expect(cooled(rateLimited(['one']), 'no other pod')).toEqual(['id-a']);
  });

  it('lack those that are down by the failures of one host, while other pods list them', () => {
    const failure = { class: 'auth', status: 401, message: 'wrong key' } as const;
    expect(cooled((id) => downView(id, failure), 'other pods')).toEqual(['id-a']);
    expect(cooled((id) => downView(id, failure, { flags: ['unconfirmed'] }), 'other pods')).toEqual([]);
  });
});
