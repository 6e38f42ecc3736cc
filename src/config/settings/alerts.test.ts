import { describe, expect, it } from 'vitest';
import { createRedactor, secretsOf } from '../../redaction/index.ts';
import { loadConfig } from '../index.ts';
import type { LoadedConfig } from '../index.ts';

const load = (text: string, env: Record<string, string> = {}): LoadedConfig =>
  loadConfig({ text, env, readFile: () => '' });

function loaded(text: string, env: Record<string, string> = {}): Extract<LoadedConfig, { kind: 'loaded' }> {
  const found = load(text, env);
  if (found.kind !== 'loaded') throw new Error(JSON.stringify(found.problems));
  return found;
}

const SLACK = 'https://hooks.slack.com/services/T00/B00/0123456789abcdef';
const receiver = (entry: string): string => `fleet_health: { alerts: { receivers: [${entry}] } }`;

describe('fleet_health.alerts', () => {
  it('has no receiver, and default times, where the file names none', () => {
    expect(loaded('model_list: []').config.alerts).toEqual({
      groupWindowMs: 15_000,
      forMs: 0,
      dampingMs: 300_000,
      receivers: [],
    });
  });

  it('reads receivers, with URLs and keys from the environment', () => {
    const text = `
fleet_health:
  alerts:
    group_window: 5
    for: 60
    damping: 0
    receivers:
      - { name: a, type: slack, url: os.environ/HOOK }
      - { name: b, type: pagerduty, routing_key: os.environ/KEY, kinds: [group-down, budget-spent] }
`;
    const { alerts } = loaded(text, { HOOK: SLACK, KEY: 'k'.repeat(32) }).config;
    expect(alerts).toMatchObject({ groupWindowMs: 5_000, forMs: 60_000, dampingMs: 0 });
    expect(alerts.receivers).toEqual([
      {
        name: 'a',
        type: 'slack',
        url: SLACK,
        kinds: ['group-down', 'store-lost', 'target-down', 'bridge-not-publishing'],
      },
      {
        name: 'b',
        type: 'pagerduty',
        url: 'https://events.pagerduty.com/v2/enqueue',
        routingKey: 'k'.repeat(32),
        kinds: ['group-down', 'budget-spent'],
      },
    ]);
  });

  it.each([
    ['{ name: a, type: slack }', 'url', 'is missing'],
    ['{ name: a, type: slack, url: os.environ/NOT_SET }', 'url', 'is missing'],
    ['{ name: a, type: pagerduty }', 'routing_key', 'is missing'],
    ['{ name: a, type: slack, url: "https://x", routing_key: k }', 'routing_key', 'has no effect for type: slack'],
    ['{ name: a, type: alertmanager, url: "https://x", secret: k }', 'secret', 'has no effect for type: alertmanager'],
  ])('refuses %s', (entry, key, message) => {
    const found = load(receiver(entry));
    expect(found.kind).toBe('refused');
    expect(found.kind === 'refused' && found.problems).toMatchObject([
      {
        path: `fleet_health.alerts.receivers[0].${key}`,
        message: `fleet_health.alerts.receivers[0].${key} ${message}`,
      },
    ]);
  });

  it('refuses two receivers of one name, unknown types, kinds and keys', () => {
    const one = '{ name: a, type: slack, url: "https://x" }';
    for (const wrong of [
      `${one}, ${one}`,
      '{ name: a, type: smoke, url: "https://x" }',
      '{ name: a, type: slack, url: "https://x", kinds: [all] }',
      '{ name: a, type: slack, url: "https://x", colour: red }',
      '{ name: a, type: slack, url: "ftp://x" }',
    ]) {
      expect(load(receiver(wrong)).kind, wrong).toBe('refused');
    }
  });

  it("takes LiteLLM's alerting: [slack] with SLACK_WEBHOOK_URL, in every profile", () => {
    const text = 'general_settings: { alerting: [slack] }';
    expect(loaded(text, { SLACK_WEBHOOK_URL: SLACK }).config.alerts.receivers).toMatchObject([
      { name: 'slack', type: 'slack', url: SLACK },
    ]);
    const same = `${receiver(`{ name: own, type: slack, url: "${SLACK}" }`)}\n${text}`;
    expect(loaded(same, { SLACK_WEBHOOK_URL: SLACK }).config.alerts.receivers.map(({ name }) => name)).toEqual(['own']);
  });

  it.each([
    ['[slack]', 'has no effect without the environment variable SLACK_WEBHOOK_URL'],
    ['[email]', 'is ignored: allswell implements slack only. Other receivers: fleet_health.alerts'],
  ])('says why alerting: %s has no effect', (alerting, message) => {
    const { config, notes } = loaded(`general_settings: { alerting: ${alerting} }`);
    expect(config.alerts.receivers).toEqual([]);
    expect(notes).toContainEqual(expect.objectContaining({ message: `general_settings.alerting ${message}` }));
  });

  it('keeps URLs, secrets and keys from being shown', () => {
    const entries = [
      `{ name: a, type: slack, url: "${SLACK}" }`,
      '{ name: b, type: webhook, url: "https://u:pass-word-1@h/x", secret: whsec_abc }',
      '{ name: c, type: pagerduty, routing_key: 0123456789abcdef0123456789abcdef }',
    ];
    const redact = createRedactor(secretsOf(loaded(receiver(entries.join(', '))).config));
    const shown = redact(`${SLACK} /services/T00/B00/0123456789abcdef 0123456789abcdef pass-word-1 whsec_abc`);
    for (const secret of ['0123456789abcdef', 'pass-word-1', 'whsec_abc']) expect(shown).not.toContain(secret);
  });
});
