import { counted } from '../../health/index.ts';
import type { FleetPage } from '../ask/index.ts';
import type { Finding } from './finding.ts';
import type { NamedPage } from './named-page.ts';
import { nameOfId } from './named-page.ts';

type Recent = NonNullable<FleetPage['requests']>;
type Group = Recent['groups'][number];

/** Fewer clients that leave are people who changed their mind. */
const MANY_LEFT = 3;
/** Share of a group's requests from which their leaving is no chance. */
const LEAVING_SHARE = 0.2;
/** Deployments named in one finding; the others are counted. */
const NAMED = 3;

/** What requests met within the last minute at the pod that was asked. */
export function whyRequests(page: NamedPage): readonly Finding[] {
  const { requests, pod } = page;
  if (requests === undefined) return [];
  return [
    ...refused(pod, requests),
    ...requests.groups.flatMap((group) => [
      ...unroutable(pod, group),
      ...overLimit(pod, group),
      ...leaving(pod, group, requests),
      ...retriesRefused(pod, group),
    ]),
    ...unconfirmed(page, requests),
  ];
}

function refused(pod: string, { refused: count, covered_seconds: seconds }: Recent): readonly Finding[] {
  if (count === 0) return [];
  const says = `${pod} answered ${counted(count, 'request')} with 503 in the last ${Math.round(seconds)} s: it is at fleet_health.gateway.max_in_flight or max_buffered_bytes.`;
  return [{ code: 'requests-refused', level: 'problem', says, todo: whenRefused }];
}

function unroutable(pod: string, group: Group): readonly Finding[] {
  const { group: name, requests, unroutable: sent, no_deployment: unplaced, failed, broken_off: broken } = group;
  if (sent + unplaced === 0) return [];
  const failures = failed + broken;
  if (failures === 0) {
    const says = `No deployment of ${name} is routable, so ${pod} sends requests to all of them (panic routing): ${sent} in the last minute, none failed.`;
    return [{ code: 'panic-routing', level: 'note', says, todo: whenPanic }];
  }
  const says = `No deployment of ${name} is routable at ${pod}: ${failures} of ${counted(requests, 'request')} failed in the last minute, ${sent} of them sent to deployments that are not routable (panic routing).`;
  return [{ code: 'no-routable-deployment', level: 'problem', says, todo: whenPanic }];
}

function overLimit(pod: string, { group, over_limit: count, requests }: Group): readonly Finding[] {
  if (count === 0) return [];
  const says = `${pod} answered ${count} of ${counted(requests, 'request')} for ${group} with 429 in the last minute: all its deployments are at their limits (rpm, tpm or max_parallel_requests).`;
  return [{ code: 'deployments-at-limit', level: 'problem', says, todo: whenAtLimit }];
}

function leaving(pod: string, group: Group, { deployments }: Recent): readonly Finding[] {
  const { group: name, left_before_answer: left, requests } = group;
  if (left < MANY_LEFT || left < LEAVING_SHARE * requests) return [];
  const waited = deployments
    .filter((one) => one.group === name && one.left_before_answer > 0)
    .toSorted((a, b) => b.left_before_answer - a.left_before_answer);
  const names = waited.slice(0, NAMED).map((one) => `${one.deployment} (${one.left_before_answer})`);
  const more = waited.length > NAMED ? ` and ${waited.length - NAMED} more` : '';
  const where = names.length === 0 ? '' : ` They waited for ${names.join(', ')}${more}.`;
  const says = `${left} of ${counted(requests, 'client')} of ${name} left ${pod} before the first byte of an answer in the last minute.${where}`;
  return [{ code: 'clients-leave', level: 'problem', says, todo: whenLeaving }];
}

function retriesRefused(pod: string, { group, retries_refused: count }: Group): readonly Finding[] {
  if (count === 0) return [];
  const says = `The retry budget of ${pod} is spent: it refused ${counted(count, 'further attempt')} for ${group} in the last minute.`;
  return [{ code: 'retry-budget-spent', level: 'problem', says, todo: whenNoRetries }];
}

function unconfirmed(page: NamedPage, { unconfirmed_failures: failures }: Recent): readonly Finding[] {
  return failures.map(({ target, model, reporter, class: failed, at }): Finding => {
    const { kind, name } = reporter;
    const whose =
      kind === 'pod' ? `Requests of ${page.pod}` : kind === 'litellm' ? 'Requests of LiteLLM' : `Requests of ${name}`;
    const says = `${whose} to ${nameOfId(page, target, model)} keep failing (${failed}), last at ${at}, and probes of it pass.`;
    return { code: 'requests-fail-probes-pass', level: 'problem', says, todo: whenUnconfirmed };
  });
}

const whenRefused =
  'Add pods, or raise the limit if there is memory for it. Requests that hang hold their place: look for clients-leave and for slow targets.';

const whenPanic =
  'See the findings about the targets of the group. Add a deployment of another vendor or a fallback group, so that requests have somewhere to go.';

const whenAtLimit =
  'Raise the limits in the configuration if the upstreams allow more, or add a deployment or a fallback group.';

const whenLeaving =
  'The upstream is slow or hangs. Set fleet_health.gateway.first_byte_timeout below the time after which clients leave: then requests fail over, and the pod learns of it.';

const whenNoRetries =
  'Further attempts at failing deployments are at most 20 % of requests. Repair the upstreams, or add a deployment that does not fail.';

const whenUnconfirmed =
  'Compare the network, the DNS and the key of the reporter with those of a pod. If requests differ from probes, such as by their model or size, set health_check_params to be like them.';
