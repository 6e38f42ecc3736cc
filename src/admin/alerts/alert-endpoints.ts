import type { AlertsBody, AlertsTestBody } from '../../api/index.ts';
import { bind, detailAnswer, jsonAnswer } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { isoOf } from '../times.ts';
import * as route from './alert-routes.ts';

export function alertEndpoints({ alerts, redact }: Pick<AdminOptions, 'alerts' | 'redact'>): readonly BoundRoute[] {
  const body = (): AlertsBody => {
    const { sender, paused, receivers, incidents, heldBack } = alerts.alerts();
    return {
      sender,
      paused,
      receivers: receivers.map(({ last, ...one }) => ({
        ...one,
        last: last === null ? null : { at: isoOf(last.at), result: last.result, answer: redact(last.answer) },
      })),
      incidents: incidents.map(({ id, kind, title, startedAt, openedAt, down, ended, receivers: names }) => ({
        id,
        kind,
        title: redact(title),
        started_at: isoOf(startedAt),
        opened_at: isoOf(openedAt),
        down,
        ended,
        receivers: names,
      })),
      held_back: heldBack.map(({ kind, label, since, until }) => ({
        kind,
        label: redact(label),
        since: isoOf(since),
        until: isoOf(until),
      })),
    };
  };
  return [
    bind(route.alerts, () => jsonAnswer<AlertsBody>(body())),
    bind(route.alertsTest, async ({ body: asked }) => {
      const results = await alerts.testAlerts(asked.receiver);
      if (results === null) return detailAnswer(404, 'There is no such receiver: see GET /fleet/alerts');
      return jsonAnswer<AlertsTestBody>({ results });
    }),
  ];
}
