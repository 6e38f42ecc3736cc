import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createUpReader } from '../../../src/admin/index.ts';
import type { UpSource } from '../../../src/admin/index.ts';
import type { TargetView } from '../../../src/ports/index.ts';
import { agentLine } from '../../../src/server/agent-check/agent-line.ts';
import { openAgentCheck } from '../../../src/server/agent-check/open-agent-check.ts';
import { freePort } from '../../../src/testing/index.ts';
import { downView, NOW, upView, viewOf } from '../../golden/fleet-double.ts';
import { measuredPod } from '../../golden/measured-pod.ts';

const lineFor = (source: UpSource, name: string): string => agentLine(createUpReader(source), source.fleet, name);
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
      expect([name, lineFor({ config, fleet }, name)]).toEqual([name, line]);
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
    expect(lineFor({ config, fleet }, 'openai/*')).toBe('down #none of 2 targets takes traffic');
    fleet.set(named(two!, 'degraded'));
    expect(lineFor({ config, fleet }, 'openai/*')).toBe('up 25%');
  });

  it('is of the running configuration, after a reload of the new one', async () => {
    const before = measuredPod(undefined, ['ok-chat']);
    const after = measuredPod(undefined, ['ok-chat', 'bad-500']);
    const port = await freePort();
    let config = { ...before.config, agentCheckPort: port };
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const { fleet } = after;
    const agentCheck = await openAgentCheck({ host: '127.0.0.1', fleet, config: () => config, logger: quiet });
    try {
      expect([await ask(port, 'ok-chat'), await ask(port, 'bad-500')]).toEqual(['up 100%\n', 'error not found\n']);
      config = { ...after.config, agentCheckPort: port };
      expect([await ask(port, 'ok-chat'), await ask(port, 'bad-500')]).toEqual(['up 100%\n', 'up 100%\n']);
    } finally {
      await agentCheck?.close();
    }
  });

  it('is an error that changes nothing in HAProxy for a name that is not found, or not clear', () => {
    const { config, fleet } = measuredPod(undefined, ['bad-500', 'renamed']);
    for (const name of ['', 'nothing', '__proto__', 'constructor']) {
      expect(lineFor({ config, fleet }, name)).toBe('error not found');
    }
    expect(lineFor({ config, fleet }, 'openai/bad-500')).toBe('error several targets have this name');
  });
});

async function ask(port: number, name: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${name}\n`);
  let text = '';
  for await (const part of socket) text += String(part);
  return text;
}
