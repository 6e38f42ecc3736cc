import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import type { AllswellConfig } from '../../../src/config/index.ts';
import type { State, TargetId } from '../../../src/health/index.ts';
import type { BridgeView, Hold } from '../../../src/ports/index.ts';
import { createObserver } from '../../../src/server/alerts/observe.ts';
import type { ObserveParts } from '../../../src/server/alerts/observe.ts';

const text = `
model_list:
  - { model_name: g, litellm_params: { model: openai/a, api_key: sk-a } }
  - { model_name: g, litellm_params: { model: openai/b, api_key: sk-b } }
  - { model_name: h, litellm_params: { model: openai/b, api_key: sk-b } }
general_settings: { background_health_checks: true }
`;

function configOf(): AllswellConfig {
  const found = loadConfig({ text, env: {}, readFile: () => '' });
  if (found.kind !== 'loaded') throw new Error(JSON.stringify(found.problems));
  return found.config;
}

const drain: Hold = { version: 1, kind: 'drain', until: null, by: 'ann', reason: 'work' };

interface Shape {
  readonly states?: readonly State[];
  readonly holds?: readonly (Hold | null)[];
  readonly localOnly?: boolean;
  readonly bridge?: Partial<BridgeView>;
  readonly results?: 'there' | 'none' | 'lost';
}

function observer(shape: Shape): { readonly config: AllswellConfig } & ReturnType<typeof createObserver> {
  const config = configOf();
  const placeOf = (id: TargetId): number => config.targets.findIndex((one) => one.id === id);
  const parts = {
    fleet: {
      status: () => ({ now: 1_000, pause: null }),
      target: (id: TargetId) => ({ hold: shape.holds?.[placeOf(id)] ?? null, flags: [], state: 'down' }),
      fleetVerdict: (id: TargetId) => ({
        state: shape.states?.[placeOf(id)] ?? 'up',
        since: 100 + placeOf(id),
        why: 'HTTP 500',
        flags: [],
      }),
    },
    bridge: { bridge: () => ({ state: 'off', why: null, ...shape.bridge }) },
    bridgeStore: {
      readAccess: () =>
        Promise.resolve(
          shape.results === 'lost'
            ? { kind: 'lost' }
            : { kind: 'ok', value: { lifeMs: shape.results === 'none' ? null : 1_000 } },
        ),
    },
  } as unknown as ObserveParts;
  return { config, ...createObserver(config, parts) };
}

const keysOf = async (shape: Shape): Promise<readonly string[]> =>
  (await observer(shape).observe()).active.map(({ kind, label }) => `${kind} ${label}`);

describe('what alerts are about', () => {
  it('is nothing where all is well', async () => {
    expect(await keysOf({})).toEqual([]);
  });

  it('is a target that is down by the verdict of the fleet, and no group that has another deployment', async () => {
    expect(await keysOf({ states: ['down', 'up'] })).toEqual(['target-down openai/a']);
    expect(await keysOf({ states: ['suspect', 'degraded'] })).toEqual([]);
  });

  it('is each group without a routable deployment', async () => {
    const both = ['group-down g', 'group-down h', 'target-down openai/a', 'target-down openai/b'];
    expect(await keysOf({ states: ['down', 'down'] })).toEqual(both);
    expect(await keysOf({ states: ['up', 'down'] })).toEqual(['group-down h', 'target-down openai/b']);
  });

  it('is a group whose last deployment is down while the others are drained, and none that is drained as a whole', async () => {
    const shape = { states: ['down', 'up'], holds: [null, drain] } as const;
    expect(await keysOf(shape)).toEqual(['group-down g', 'target-down openai/a']);
    expect(await keysOf({ states: ['down', 'down'], holds: [drain, drain] })).toEqual([]);
  });

  it('neither opens nor ends for a target that is suspect: the verdict of an outage that goes on may be so for a while', async () => {
    const { config, observe } = observer({ states: ['suspect', 'degraded'] });
    const [a, b] = config.targets;
    const { active, inactive } = await observe();
    expect(active).toEqual([]);
    expect([inactive(`target:${a?.id}`), inactive(`target:${b?.id}`)]).toEqual(['unknown', 'clear']);
    expect(inactive('group:g')).toBe('clear');
    expect((await observer({ states: ['suspect', 'down'] }).observe()).inactive('group:g')).toBe('unknown');
  });

  it('is still a group that is down where the list of conditions was cut', async () => {
    const down = await observer({ states: ['down', 'down'] }).observe();
    expect(down.inactive('group:g')).toBe('unknown');
    const partly = await observer({ states: ['down', 'down'], holds: [null, drain] }).observe();
    expect(partly.inactive('group:g')).toBe('unknown');
    const held = { ...drain, kind: 'hold-up' } as Hold;
    const forced = await observer({ states: ['down', 'down'], holds: [null, held] }).observe();
    expect(forced.inactive('group:g')).toBe('quiet');
  });

  it('knows nothing of the bridge in a pod without one', async () => {
    expect((await observer({}).observe()).inactive('bridge')).toBe('unknown');
    expect((await observer({ bridge: { state: 'publishing' } }).observe()).inactive('bridge')).toBe('clear');
  });

  it('tells why a condition is not active', async () => {
    const made = observer({ states: ['down', 'unknown'], holds: [drain, null] });
    const { inactive } = await made.observe();
    const [a, b] = made.config.targets;
    expect(inactive(`target:${a?.id}`)).toBe('quiet');
    expect(inactive(`target:${b?.id}`)).toBe('unknown');
    expect(inactive('target:other')).toBe('gone');
    expect(inactive('group:other')).toBe('gone');
    expect(inactive('group:g')).toBe('unknown');
    expect((await observer({}).observe()).inactive('group:g')).toBe('clear');
  });

  it('is a bridge that publishes nothing, as far as this pod can know', async () => {
    const silent = ['bridge-not-publishing LiteLLM bridge: no pod publishes results'];
    expect(await keysOf({ bridge: { state: 'publishing' }, results: 'none' })).toEqual([]);
    expect(await keysOf({ bridge: { state: 'withheld', why: 'x' } })).toEqual(silent);
    expect(await keysOf({ bridge: { state: 'standby' }, results: 'none' })).toEqual(silent);
    expect(await keysOf({ bridge: { state: 'standby' }, results: 'there' })).toEqual([]);
    const lost = await observer({ bridge: { state: 'standby' }, results: 'lost' }).observe();
    expect([lost.active, lost.inactive('bridge')]).toEqual([[], 'unknown']);
  });
});
