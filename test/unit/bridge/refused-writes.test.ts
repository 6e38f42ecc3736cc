import { describe, expect, it } from 'vitest';
import { bridgeFleet as place, lost } from '../../support/bridge-fleet.ts';

describe('a bridge whose store answers otherwise than asked', () => {
  it('says once a minute that Redis refuses it, and why, though it answers', async () => {
    const { keys, pass, start } = place();
    const loss = { code: 'no-permission', message: 'NOPERM no permissions to access a key' } as const;
    const refuse = async () => await Promise.resolve({ kind: 'lost', loss } as const);
    const refused = `LiteLLM bridge: Redis refused a command, so no results are published: ${loss.message}`;
    for (const command of ['lead', 'readResults', 'publish']) {
      const {
        bridge,
        verdict: believed,
        lines,
      } = start(`aw-${command}`, { store: { ...keys.open(), [command]: refuse } });
      believed.allowedMs = 1_000_000;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await pass(90_000);
      expect(bridge.bridge(), command).toMatchObject({
        state: 'unreachable',
        why: `Redis refuses the command: ${loss.message}`,
      });
      expect(lines.filter((line) => line === refused)).toHaveLength(2);
      expect(lines.join()).not.toContain('LiteLLM bridge: publishing');
      const stopping = bridge.stop();
      // oxlint-disable-next-line no-await-in-loop
      await pass(20);
      // oxlint-disable-next-line no-await-in-loop
      await stopping;
    }
  });

  it('says why nothing is published as it is now, whatever was lost before', async () => {
    const { keys, pass, start } = place();
    const store = keys.open();
    const answers = { lost: 0 };
    const {
      bridge,
      verdict: believed,
      changed,
    } = start('aw-1', {
      store: { ...store, publish: async (input) => (answers.lost-- > 0 ? await lost() : await store.publish(input)) },
    });
    await pass(500);
    answers.lost = 1;
    believed.list = 'unhealthy';
    changed();
    await pass(220);
    expect(bridge.bridge()).toMatchObject({ state: 'unreachable' });
    believed.list = 'unknown';
    changed();
    await pass(1_500);
    expect(bridge.bridge()).toMatchObject({ state: 'withheld', why: '1 of 1 deployment is not judged yet: openai/a' });
  });
});
