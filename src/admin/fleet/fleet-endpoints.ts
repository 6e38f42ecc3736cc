import type { BridgeBody, ExplainBody, FleetBody, SetupBody, TrafficBody } from '../../api/index.ts';
import type { TargetId } from '../../health/index.ts';
import { bind, detailAnswer, eventStreamAnswer, jsonAnswer } from '../../http/index.ts';
import * as fleetRoute from './fleet-routes.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import type { EventFeed } from './event-feed.ts';
import { bridgeBody } from './bridge-body.ts';
import { cooldownsBody } from './cooldowns-body.ts';
import { explain } from './explain.ts';
import { findTarget, severalFound } from '../find-target.ts';
import { isoOf, rounded } from '../times.ts';
import { unprobedBody } from '../unprobed-shown.ts';
import { fleetBody, redacted } from './fleet-body.ts';
import { requestsBody } from './requests-body.ts';

/** What is ours alone: the view, why it is so, and how it changes. */
export function fleetEndpoints(admin: AdminOptions): BoundRoute[] {
  const { fleet, config, redact, events } = admin;
  const about = aboutTarget(admin);
  return [
    bind(fleetRoute.fleet, () => {
      const page = fleetBody(fleet, config.targets, config.deployments, redact);
      const bridge = redacted(wholeBridgeBody(admin), redact);
      const unprobed = config.unprobed.map((one) => unprobedBody(one, admin.unprobed));
      const requests = redacted(requestsBody(admin), redact);
      const traffic = trafficOf(admin);
      return jsonAnswer<FleetBody>({ ...page, unprobed, bridge, traffic, requests, setup: setupOf(admin) });
    }),
    bind(fleetRoute.fleetEvents, ({ headers }) => stream(events, headers)),
    bind(fleetRoute.explain, async ({ params }) => await about(params, (id) => explained(admin, id))),
    bind(fleetRoute.checkTarget, async ({ params, signal }) => {
      return await about(params, async (id) => {
        await fleet.check([id], signal);
        return explained(admin, id);
      });
    }),
  ];
}

function wholeBridgeBody({ bridge: reader, fleet, config }: AdminOptions): BridgeBody {
  const bridge = reader.bridge();
  const restriction = fleet.status().cooldownRestriction;
  return { ...bridgeBody(bridge), cooldowns: cooldownsBody({ view: reader.cooldowns(), bridge, restriction, config }) };
}

function trafficOf({ fleet, observations, intake }: AdminOptions): TrafficBody {
  const { probes, usd, unpriced } = fleet.trafficSavings();
  return {
    observations: observations(),
    event_problems: intake.problems().map(({ at, ...problem }) => ({ ...problem, at: isoOf(at) })),
    probes_avoided: rounded(probes, 10),
    usd_avoided: rounded(usd, 1_000_000),
    unpriced_probes_avoided: rounded(unpriced, 10),
  };
}

function explained(admin: AdminOptions, id: TargetId): Response {
  const body = explain(admin, id);
  return body === undefined ? nothingFound() : jsonAnswer<ExplainBody>(body);
}

/** Answers about the one target that a person means. */
function aboutTarget({ config }: AdminOptions) {
  return async (
    { id = '' }: Readonly<Record<string, string>>,
    answer: (id: TargetId) => Response | Promise<Response>,
  ): Promise<Response> => {
    const found = findTarget(config, id);
    if (found.kind === 'one') return await answer(found.id);
    if (found.kind === 'none') return nothingFound();
    return severalFound(found);
  };
}

function nothingFound(): Response {
  return detailAnswer(404, { error: 'No target has this id or name' });
}

function stream(events: EventFeed, headers: Headers): Response {
  const opened = events.open(headers.get('last-event-id'));
  if (opened.kind === 'closed') return detailAnswer(503, 'This pod is stopping');
  if (opened.kind === 'full') {
    const answer = detailAnswer(503, 'Too many readers of this stream: retry after the time in Retry-After');
    answer.headers.set('retry-after', String(Math.ceil(opened.retryAfterMs / 1_000)));
    return answer;
  }
  return eventStreamAnswer(opened.stream);
}

/** The pod's settings of sharing, which explain why a pod does not share. */
function setupOf({ config, evictionPolicy }: Pick<AdminOptions, 'config' | 'evictionPolicy'>): SetupBody {
  return {
    health_checks: config.activation.mode,
    sharing_requested: config.sharingRequested,
    redis_configured: config.redis !== null,
    litellm_bridge: config.bridge === 'on',
    events_key: config.keys.some(({ role }) => role === 'events'),
    expected_pods: config.expectedPods,
    eviction_policy: evictionPolicy(),
  };
}
