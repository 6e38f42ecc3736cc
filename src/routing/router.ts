import type { HostId, TargetId } from '../health/index.ts';
import type { Clock, LimitShares, ObservationSink, Random, RoutingView } from '../ports/index.ts';
import { createEjections } from './evidence/ejections.ts';
import { ejects, learn } from './evidence/learn.ts';
import { createReports } from './evidence/reports.ts';
import type { RoutingEvents } from './events.ts';
import { namesOf } from './groups/names.ts';
import { createLimits } from './limits/limits.ts';
import { newMember, newTarget } from './member.ts';
import type { Attempt, Member, TargetState } from './member.ts';
import { createPanics } from './panics.ts';
import type { RouterConfig, RouterParts } from './parts.ts';
import { createPlan } from './retry/request-plan.ts';
import { mayUse } from './retry/request-state.ts';
import { createRetryBudget } from './retry/retry-budget.ts';
import { fallbacksOf } from './retry/route.ts';
import type { TrialSource } from './trials.ts';
import { standingOf } from './standing.ts';
import { strategyOf } from './strategies/strategies.ts';
import type { RoutedDeployment, Router, RoutingSettings } from './types.ts';

/** Configuration and ports of a router. */
export interface RouterOptions {
  readonly deployments: readonly RoutedDeployment[];
  readonly settings: RoutingSettings;
  /** Verdicts of the fleet. */
  readonly view: RoutingView;
  /** Takes what requests prove. */
  readonly sink: ObservationSink;
  /** This pod's shares of the deployments' limits. */
  readonly shares: LimitShares;
  /** Host of this pod: the witness of its reports. */
  readonly host: HostId;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: RoutingEvents;
  /** Probes that wait for a request; absent where the fleet sends its own. */
  readonly trials?: TrialSource;
}

/** Chooses deployments by fleet health, and learns from every outcome. Its timers keep no process running. */
export function createRouter({ deployments, settings, ...ports }: RouterOptions): Router {
  const { clock, random, view, events } = ports;
  const members = new Map<string, Member>();
  const parts: RouterParts = {
    view,
    clock,
    random,
    events,
    limits: createLimits(ports.shares, (id) => members.get(id)),
    ejections: createEjections(clock, events),
    reports: createReports({
      sink: ports.sink,
      view,
      witness: ports.host,
      confirmedBy: ports.trials === undefined ? 'probes' : 'requests',
    }),
    budget: createRetryBudget(),
    panics: createPanics(clock, events),
    trials: ports.trials,
  };
  const targets = new Map<TargetId, TargetState>();

  const configure = (list: readonly RoutedDeployment[], next: RoutingSettings): RouterConfig => {
    parts.limits.configure(list, next.defaultMaxParallel);
    keep(list, { members, targets }, parts);
    if (!ejects(next)) {
      for (const target of targets.values()) {
        parts.ejections.endTarget(target, 'cooldowns-off');
        target.doubtedUntilMs = -Infinity;
      }
      for (const member of members.values()) parts.ejections.endDeployment(member, 'cooldowns-off');
    }
    return {
      settings: next,
      names: namesOf(members.values(), next),
      pickOne: strategyOf(next.strategy),
      fallbacks: fallbacksOf(next.fallbacks),
      contextWindowFallbacks: fallbacksOf(next.contextWindowFallbacks),
      contentPolicyFallbacks: fallbacksOf(next.contentPolicyFallbacks),
    };
  };

  let config = configure(deployments, settings);
  return {
    plan: (request) => {
      const named = config.names.find(request.model);
      return named === undefined || !mayUse(request, named)
        ? 'unknown-model'
        : createPlan(request, named, parts, config);
    },
    report: (id, outcome) => {
      const member = members.get(id);
      if (member === undefined) return;
      const nowMs = clock.monotonicMs();
      learn(unplanned(member, nowMs - outcome.durationMs), outcome, parts, config.settings, nowMs);
    },
    standing: (id) => {
      const member = members.get(id);
      return member && standingOf(member, parts, config.settings, clock.monotonicMs());
    },
    reconfigure: (list, next) => {
      config = configure(list, next);
    },
  };
}

/** An attempt that the caller made by itself. */
function unplanned(member: Member, atMs: number): Attempt {
  return {
    member,
    atMs,
    reservedTokens: 0,
    targetTrial: 0,
    deploymentTrial: 0,
    timeoutBy: 'deployment',
    trial: undefined,
  };
}

interface Known {
  readonly members: Map<string, Member>;
  readonly targets: Map<TargetId, TargetState>;
}

/** Members and targets that stay keep their counters and evidence; others are forgotten, with an end of their ejections. */
function keep(list: readonly RoutedDeployment[], { members, targets }: Known, { ejections }: RouterParts): void {
  const before = new Map(members);
  members.clear();
  const used = new Set<TargetId>();
  for (const deployment of list) {
    used.add(deployment.target);
    const target = targets.get(deployment.target) ?? newTarget(deployment.target);
    targets.set(deployment.target, target);
    const known = before.get(deployment.id);
    const stays = known?.target === target ? known : undefined;
    if (stays !== undefined) stays.deployment = deployment;
    members.set(deployment.id, stays ?? newMember(deployment, target));
  }
  for (const [id, member] of before) {
    if (members.get(id) === member) continue;
    member.presence = 'removed';
    ejections.endDeployment(member, 'removed');
  }
  for (const [id, target] of targets) {
    if (used.has(id)) continue;
    ejections.endTarget(target, 'removed');
    targets.delete(id);
  }
}
