import { describe, expect, it } from 'vitest';
import type { TargetView } from '../../../src/ports/index.ts';
import { agentLine } from '../../../src/server/agent-check/agent-line.ts';
import { downView, NOW, upView, viewOf } from '../../golden/fleet-double.ts';
import { measuredPod } from '../../golden/measured-pod.ts';

const drain = { kind: 'drain', until: null, by: 'ops', reason: 'test', version: NOW } as const;
const failure = { class: 'server', status: 500, message: 'http://10.0.0.7 says no' } as const;
const named = (id: string, state: TargetView['state']): TargetView => upView(id, { state, effective: state });

describe('the line for an agent check', () => {
  it.each([
    ['up', (id: string) => upView(id), 'up 100%'],
    ['unknown', (id: string) => viewOf(id), 'up 100%'],
    ['suspect', (id: string) => named(id, 'suspect'), 'up 100%'],
    ['degraded', (id: string) => named(id, 'degraded'), 'up 25%'],
    ['drained', (id: string) => upView(id, { effective: 'down', hold: drain }), 'up 0%'],
    ['down', (id: string) => downView(id, failure), 'down #server HTTP 500'],
    ['down without a status', (id: string) => downView(id, { class: 'network', message: 'refused' }), 'down #network'],
    ['down, rate-limited', (id: string) => downView(id, failure, { flags: ['rate-limited'] }), 'down #overloaded'],
    ['down, as an old record has it', (id: string) => named(id, 'down'), 'down #unknown failure'],
  ] as const)('of a target that is %s, by each of its names', (_, view, line) => {
    const { config, fleet, target } = measuredPod();
    fleet.set(view(target('ok-embed')));
    for (const name of [target('ok-embed'), 'my-embed-id', 'ok-embed', 'openai/text-embedding-3-small']) {
      expect([name, agentLine({ config, fleet }, name)]).toEqual([name, line]);
    }
  });

  it('is of a group before a target of that name, and counts its targets', () => {
    const list = ['one', 'two', 'one'].map(
      (model) =>
        `{ model_name: "openai/*", litellm_params: { model: openai/${model}, api_base: "http://127.0.0.1:9", api_key: sk-x } }`,
    );
    const { config, fleet } = measuredPod(undefined, [], `\nmodel_list: [${list.join(', ')}]`);
    const [one, two] = config.targets.map(({ id }) => id);
    expect(config.targets).toHaveLength(2);
    fleet.set(downView(one!, failure));
    fleet.set(downView(two!, failure));
    expect(agentLine({ config, fleet }, 'openai/*')).toBe('down #none of 2 targets takes traffic');
    fleet.set(named(two!, 'degraded'));
    expect(agentLine({ config, fleet }, 'openai/*')).toBe('up 25%');
  });

  it('is an error that changes nothing in HAProxy for a name that is not found, or not clear', () => {
    const { config, fleet } = measuredPod(undefined, ['bad-500', 'renamed']);
    for (const name of ['', 'nothing', '__proto__', 'constructor']) {
      expect(agentLine({ config, fleet }, name)).toBe('error not found');
    }
    expect(agentLine({ config, fleet }, 'openai/bad-500')).toBe('error several targets have this name');
  });
});
