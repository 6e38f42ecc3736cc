import type { NoticeSubject } from '../../incidents/index.ts';
import { clipped, isoOf, jsonPost } from './form.ts';
import type { MessageForm } from './form.ts';

/** Most characters of a summary and of a dedup key, by PagerDuty. */
const MOST_SUMMARY = 1_024;
const MOST_KEY = 255;

/**
 * Events of PagerDuty's Events API v2. A repeated trigger of an incident has the same dedup key, so it opens nothing twice; an
 * update is such a trigger. A test opens an incident of severity `info` and resolves it.
 */
export const pagerduty: MessageForm = ({ receiver, notice, fleet }) => {
  const { id, action, severity, title, place, kind, at } = notice;
  const common = {
    routing_key: receiver.routingKey ?? '',
    dedup_key: clipped(`allswell/${fleet}/${id}`, MOST_KEY),
    client: 'allswell',
  };
  const trigger = {
    ...common,
    event_action: 'trigger',
    payload: {
      summary: clipped(title, MOST_SUMMARY),
      source: `allswell/${fleet}`,
      severity: action === 'test' ? 'info' : severity,
      timestamp: isoOf(at),
      component: place,
      group: fleet,
      class: kind,
      custom_details: { started_at: isoOf(notice.startedAt), down: named(notice.down), ended: named(notice.ended) },
    },
  };
  const resolve = { ...common, event_action: 'resolve' };
  const events = { trigger: [trigger], update: [trigger], resolve: [resolve], test: [trigger, resolve] }[action];
  return events.map((event) => jsonPost(receiver.url, event));
};

function named(subjects: readonly NoticeSubject[]): readonly string[] {
  return subjects.map(({ label, why }) => `${label}: ${clipped(why, 200)}`);
}
