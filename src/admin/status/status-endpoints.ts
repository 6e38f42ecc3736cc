import { bind } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { findGroup } from '../history/find-group.ts';
import { readPast } from '../history/read-past.ts';
import { basisOf } from '../up/doubt.ts';
import { createUpReader } from '../up/up.ts';
import { badge } from './badge.ts';
import { drainReasons, shownPast } from './shown-status.ts';
import type { ShownGroup, ShownPast } from './shown-status.ts';
import { shownState } from './shown-state.ts';
import { stateWords } from './state-words.ts';
import { STATUS_PAGE_POLICY, statusPageHtml } from './status-page.ts';
import * as route from './status-routes.ts';

/** Time for which one reading of the history serves all visitors, ms: they need no key, so they cause no commands. */
const KEPT_MS = 30_000;
const DAY_MS = 86_400_000;
/** Days that the page shows at most. */
const DAYS = 90;

type StatusParts = Pick<AdminOptions, 'fleet' | 'config' | 'clock' | 'redact'>;

/** `/status` and its badges: nothing but the groups that the configuration names. */
export function statusEndpoints(admin: StatusParts): readonly BoundRoute[] {
  const { fleet, config, redact } = admin;
  const { statusPage: page } = config;
  const shown = stateReader(admin);
  const past = createPastCache(admin);
  const groupOf = async (name: string): Promise<ShownGroup> => {
    const notes = page?.holds === 'shown' ? drainReasons(fleet, findGroup(config, name)).map(redact) : [];
    const { state, evidenceAt } = shown(name);
    return { name, state, evidenceAt, past: await past(name, state.word), notes };
  };
  return [
    bind(route.statusPage, async () => {
      if (page === null) return absent();
      const groups = await Promise.all(page.groups.map(groupOf));
      const html = statusPageHtml({ title: page.title, asOf: fleet.status().now, groups });
      return sent(html, 'text/html; charset=utf-8', STATUS_PAGE_POLICY);
    }),
    bind(route.statusBadge, ({ params: { group = '' } }) => {
      if (page?.groups.includes(group) !== true) return absent();
      const { state, evidenceAt } = shown(group);
      return sent(badge(group, state, evidenceAt), 'image/svg+xml; charset=utf-8', "default-src 'none'");
    }),
  ];
}

type GroupState = Pick<ShownGroup, 'state' | 'evidenceAt'>;

function stateReader(admin: StatusParts): (name: string) => GroupState {
  const reader = createUpReader(admin);
  return (name) => {
    const found = reader.group(name);
    if (found.kind !== 'found') return { state: stateWords.unknown, evidenceAt: null };
    const basis = basisOf(admin.fleet, found);
    return { state: shownState(found.up, basis), evidenceAt: basis.evidenceAt };
  };
}

/** Reads the history of a group once for all who ask within {@link KEPT_MS}, and again if its state changed: incidents are never older than the state. */
function createPastCache({
  fleet,
  config,
  clock,
}: StatusParts): (name: string, state: string) => Promise<ShownPast | null> {
  const windowMs = Math.min(Math.ceil(config.history.keptMs / DAY_MS), DAYS) * DAY_MS;
  const kept = new Map<
    string,
    { readonly atMs: number; readonly state: string; readonly past: Promise<ShownPast | null> }
  >();
  const read = async (name: string): Promise<ShownPast | null> => {
    const group = findGroup(config, name) ?? { targets: [], hasUnprobed: false };
    return shownPast(await readPast({ fleet, config }, group, windowMs));
  };
  return async (name, state) => {
    const nowMs = clock.monotonicMs();
    const before = kept.get(name);
    const isFresh = before !== undefined && before.state === state && nowMs - before.atMs < KEPT_MS;
    if (isFresh) return await before.past;
    const past = read(name);
    kept.set(name, { atMs: nowMs, state, past });
    return await past;
  };
}

function sent(body: string, type: string, policy: string): Response {
  const headers = {
    'content-type': type,
    'cache-control': 'public, max-age=30, must-revalidate',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
  };
  return new Response(body, { headers });
}

function absent(): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return new Response('There is no such page: see fleet_health.status_page.\n', { status: 404, headers });
}
