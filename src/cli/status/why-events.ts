import { counted } from '../../health/index.ts';
import type { FleetPage } from '../ask/index.ts';
import type { Finding } from './finding.ts';

/** Without an event for so long, a pod that is to get some has none to come. */
const SILENT_MS = 10 * 60_000;

/** Why LiteLLM's events do not become evidence. */
export function whyEvents(page: FleetPage): readonly Finding[] {
  const { pod, traffic } = page;
  const problems = (traffic?.event_problems ?? []).map(({ kind, count, at, what }): Finding => {
    switch (kind) {
      case 'refused': {
        const says = `${pod} refused ${counted(count, 'request')} with events from LiteLLM, last at ${at}: ${what}`;
        return { code: 'events-refused', level: 'problem', says, todo: whenRefused };
      }
      case 'unknown': {
        const says = `${pod} ignored ${counted(count, 'event')} from LiteLLM for deployments that it does not have, last at ${at}: ${what}`;
        return { code: 'events-unknown', level: 'problem', says, todo: whenUnknown };
      }
      case 'too-old': {
        const says = `${pod} ignored ${counted(count, 'event')} from LiteLLM, last at ${at}: ${what}`;
        return { code: 'events-too-old', level: 'problem', says, todo: whenTooOld };
      }
    }
  });
  return problems.length > 0 ? problems : missing(page);
}

function missing({ pod, pods, now, setup, bridge, traffic }: FleetPage): readonly Finding[] {
  const started = pods.find(({ self }) => self)?.started_at;
  if (setup.events_key !== true || started === undefined) return [];
  if (Date.parse(now) - Date.parse(started) < SILENT_MS) return [];
  // The key is in use, though not by LiteLLM.
  if (traffic?.observations?.some(({ source }) => source === 'external') === true) return [];
  if (bridge?.litellm_signs === undefined || bridge.litellm_signs.events !== null) return [];
  const says = `${pod} has a key with the role events, and got no event from LiteLLM within the last hour.`;
  return [{ code: 'events-missing', level: 'note', says, todo: whenMissing }];
}

const whenRefused =
  "Give the LiteLLM pods in GENERIC_LOGGER_HEADERS the key whose hash is in fleet_health.keys with role events, and restart them. Until then, failures of users' requests are not seen.";

const whenUnknown =
  'Give LiteLLM and allswell the same file and variables: an id is a hash of litellm_params, including the key of the upstream. ' +
  'Cooldowns and results have no effect on such a deployment. allswell bridge verify names them for each LiteLLM pod.';

const whenTooOld = 'Synchronise the clocks of the LiteLLM pods, and set their DEFAULT_FLUSH_INTERVAL_SECONDS below 60.';

const whenMissing =
  'If another pod of the fleet gets them, or LiteLLM has no traffic: nothing to do. Else check callbacks: ["generic_api"] and GENERIC_LOGGER_ENDPOINT of the LiteLLM pods.';
