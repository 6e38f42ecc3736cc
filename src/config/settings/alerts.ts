import { alertKinds } from '../../ports/index.ts';
import type { AlertKind, AlertReceiver, AlertSettings } from '../../ports/index.ts';
import { addNote, addProblem } from '../problems/index.ts';
import type { ReceiverEntry } from '../schema/index.ts';
import { follow } from '../yaml/index.ts';
import type { PaceInput } from './pace.ts';

const GROUP_WINDOW_MS = 15_000;
const DAMPING_MS = 300_000;
const PAGERDUTY = 'https://events.pagerduty.com/v2/enqueue';
/** Name of the receiver that LiteLLM's settings describe. */
const LITELLM_SLACK = 'slack';

/** A spent budget is expected where there is a limit, so a receiver gets it only if it asks for it. */
const defaultKinds: readonly AlertKind[] = alertKinds.filter((kind) => kind !== 'budget-spent');

/** The receivers of the file, and LiteLLM's: `alerting: [slack]` with `SLACK_WEBHOOK_URL`. */
export function readAlerts(input: PaceInput): AlertSettings {
  const { alerts = {} } = input.blocks.fleet;
  const own = (alerts.receivers ?? []).flatMap((entry, at) => receiverOf(entry, at, input));
  checkNames(own, input);
  return {
    groupWindowMs: alerts.group_window ?? GROUP_WINDOW_MS,
    forMs: alerts.for ?? 0,
    dampingMs: alerts.damping ?? DAMPING_MS,
    receivers: [...own, ...litellmReceivers(own, input)],
  };
}

function receiverOf(entry: ReceiverEntry, at: number, { root, findings }: PaceInput): readonly AlertReceiver[] {
  const path = ['fleet_health', 'alerts', 'receivers', at];
  const fault = (key: string, is: string, expected: string): void => {
    addProblem(findings, { location: follow(root, [...path, key]).location, path: [...path, key], is, expected });
  };
  const { name, type, secret, routing_key: routingKey, kinds } = entry;
  const url = entry.url ?? (type === 'pagerduty' ? PAGERDUTY : undefined);
  if (url === undefined || !URL.canParse(url)) fault('url', 'is missing', 'the URL to which alerts are sent');
  if (type === 'pagerduty' && routingKey === undefined) {
    fault('routing_key', 'is missing', 'the integration key of the PagerDuty service');
  }
  if (type !== 'pagerduty' && routingKey !== undefined) {
    fault('routing_key', `has no effect for type: ${type}`, 'type: pagerduty, or no routing_key');
  }
  if (type !== 'webhook' && secret !== undefined) {
    fault('secret', `has no effect for type: ${type}`, 'type: webhook, or no secret');
  }
  if (url === undefined) return [];
  return [
    {
      name,
      type,
      url,
      ...(secret !== undefined && { secret }),
      ...(routingKey !== undefined && { routingKey }),
      kinds: kinds ?? defaultKinds,
    },
  ];
}

function checkNames(receivers: readonly AlertReceiver[], { root, findings }: PaceInput): void {
  const names = new Set<string>();
  for (const [at, { name }] of receivers.entries()) {
    const path = ['fleet_health', 'alerts', 'receivers', at, 'name'];
    if (names.has(name)) {
      addProblem(findings, {
        location: follow(root, path).location,
        path,
        is: 'is used twice',
        expected: 'a unique name',
      });
    }
    names.add(name);
  }
}

function litellmReceivers(own: readonly AlertReceiver[], input: PaceInput): readonly AlertReceiver[] {
  const { blocks, environment, root, findings } = input;
  const { alerting } = blocks.general;
  if (alerting === undefined) return [];
  const path = ['general_settings', 'alerting'];
  const note = (level: 'info' | 'warn', is: string): void => {
    addNote(findings, level, { location: follow(root, path).location, path, is });
  };
  if (!alerting.includes('slack')) {
    note('info', 'is ignored: allswell implements slack only. Other receivers: fleet_health.alerts');
    return [];
  }
  if (alerting.length > 1) note('info', 'is used for slack only. Other receivers: fleet_health.alerts');
  const url = environment.slackWebhookUrl;
  if (url === undefined) {
    note('warn', 'has no effect without the environment variable SLACK_WEBHOOK_URL');
    return [];
  }
  if (own.some((one) => one.name === LITELLM_SLACK || one.url === url)) return [];
  return [{ name: LITELLM_SLACK, type: 'slack', url, kinds: defaultKinds }];
}
