import type { AlertsPage } from '../ask/index.ts';
import type { Finding } from './finding.ts';

/** Receivers that do not get the alerts: operators may not know of an outage. */
export function whyAlerts({ receivers }: AlertsPage): readonly Finding[] {
  return receivers.flatMap(({ name, host, waiting, last, failing = false }): Finding[] => {
    if (!failing || last === null) return [];
    const rest =
      waiting === 0 ? 'the message was given up' : `${waiting === 1 ? '1 message waits' : `${waiting} messages wait`}`;
    const says = `Alerts do not reach the receiver ${name} (${host}): ${last.answer}, at ${last.at}; ${rest}.`;
    return [{ code: 'alerts-not-delivered', level: 'problem', says, todo }];
  });
}

const todo =
  'Run allswell alerts test: it shows what each receiver answers to the pod. Correct its url, secret or routing_key, or the network to it; a change needs no restart. Until then look here for outages.';
