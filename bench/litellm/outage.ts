import { until } from '../../src/testing/index.ts';
import { epochMs } from '../../test/fleet/harness/index.ts';
import type { Span } from '../../test/fleet/harness/index.ts';
import { startTraffic, watchCooldownCommands, watchVerdicts } from '../../test/bridge/harness/index.ts';
import type { CooldownCommands, Stand, Traffic, VerdictWatch } from '../../test/bridge/harness/index.ts';
import { GROUPS, HIT, HIT_PORT } from './variants.ts';
import type { VariantFleet } from './variants.ts';

export type OutageKind = '500' | 'refused' | 'hang' | '429';

export const KINDS: readonly OutageKind[] = ['500', 'refused', 'hang', '429'];

/** One outage of the deployments in `HIT`, with everything that was seen of it. */
export interface SeenOutage {
  readonly kind: OutageKind;
  readonly fleet: VariantFleet;
  /** From the first failure to the repair. */
  readonly span: Span;
  /** When the whole recording began and ended. */
  readonly recorded: Span;
  readonly traffic: Traffic;
  readonly verdicts: VerdictWatch | undefined;
  readonly commands: CooldownCommands;
}

export interface OutageOptions {
  readonly kind: OutageKind;
  readonly lastsMs: number;
  /** How long at most its end is watched. */
  readonly recoveryMs: number;
  /** Second of a minute at which it begins: LiteLLM counts failures and successes per minute of the clock. */
  readonly beginsAtSecond?: number;
  readonly perSecond: number;
  readonly say: (line: string) => void;
}

const SETTLED_WITHIN_MS = 180_000;
/** Requests before the outage, of at least so long. */
const WARM_UP_MS = 10_000;

/** Sends traffic, lets the deployments fail, repairs them, and records what every side did. */
export async function playOutage(fleet: VariantFleet, options: OutageOptions): Promise<SeenOutage> {
  const { stand, bridge } = fleet;
  const { kind, say } = options;
  const kinds = GROUPS.flatMap((group) => [
    { group, retries: 0 },
    { group, retries: 2 },
  ]);
  const verdicts = bridge === undefined ? undefined : await watchVerdicts(bridge);
  const commands = await watchCooldownCommands(stand.store);
  const traffic = startTraffic({ pods: stand.litellm, perSecond: options.perSecond, kinds });
  const began = epochMs();
  try {
    say('traffic runs, waiting until it reaches all deployments');
    await pass(WARM_UP_MS);
    await until(() => HIT.every((model) => usersAt(stand, model, epochMs() - 3_000) > 0), {
      withinMs: SETTLED_WITHIN_MS,
      what: 'requests at all deployments',
    });
    await untilSecond(options.beginsAtSecond);
    const from = epochMs();
    await fail(stand, kind);
    say(`outage ${kind} begins, for ${options.lastsMs / 1_000} s`);
    await pass(options.lastsMs);
    const to = epochMs();
    await repair(stand);
    say('repaired, waiting for requests at all deployments');
    await until(() => HIT.every((model) => usersAt(stand, model, to) > 0), {
      withinMs: options.recoveryMs,
      what: 'requests at the repaired deployments',
    }).catch(() => say('no recovery in time'));
    await pass(AFTER_MS);
    await traffic.stop();
    return { kind, fleet, span: { from, to }, recorded: { from: began, to: epochMs() }, traffic, verdicts, commands };
  } finally {
    await traffic.stop();
    commands.stop();
    verdicts?.stop();
    await repair(stand);
  }
}

/** Traffic after the recovery, so that its errors are counted too. */
const AFTER_MS = 5_000;

function usersAt({ requests }: Stand, model: string, since: number): number {
  return requests.times('user', { model, span: { from: since, to: Infinity } }).length;
}

async function fail({ upstream }: Stand, kind: OutageKind): Promise<void> {
  if (kind === 'refused') {
    await upstream.setFault(upstream.ports[HIT_PORT] ?? 0, 'refuse');
    return;
  }
  for (const model of HIT) {
    upstream.set(model, kind === 'hang' ? { kind: 'hang' } : { kind: 'status', status: Number(kind) });
  }
}

async function repair({ upstream }: Stand): Promise<void> {
  for (const model of HIT) upstream.set(model, { kind: 'ok' });
  await upstream.setFault(upstream.ports[HIT_PORT] ?? 0, 'none');
}

async function untilSecond(second: number | undefined): Promise<void> {
  if (second === undefined) return;
  const now = new Date();
  const secondsLeft = (60 + second - now.getUTCSeconds()) % 60;
  await pass(Math.max(0, secondsLeft * 1_000 - now.getUTCMilliseconds()));
}

async function pass(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
