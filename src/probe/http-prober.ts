import type { ProbeTarget } from '../config/index.ts';
import type { Level, ProbeAdaptation, TargetId } from '../health/index.ts';
import type { Clock, Prober, ProbeResult, Random } from '../ports/index.ts';
import type { Logins } from '../logins/index.ts';
import { usdOf } from '../providers/pricing/index.ts';
import type { PriceBook } from '../providers/pricing/index.ts';
import { possibleLevel } from '../providers/index.ts';
import type { Transport } from '../upstream/index.ts';
import type { Usage } from '../providers/wire/index.ts';
import { askers } from './ask.ts';
import { startDeadline } from './deadline.ts';
import { outcomeOf } from './outcome-of.ts';
import type { Ended } from './outcome-of.ts';
import { redactorFor } from '../redaction/index.ts';
import { stallMeter } from './stall-meter.ts';
import type { StallMeter } from './stall-meter.ts';
import type { RedactLine } from '../redaction/index.ts';

/** LiteLLM's name for a header, and the names under which vendors send it. */
const shown: readonly (readonly [name: string, ...sent: string[]])[] = [
  ['x-ratelimit-remaining-requests', 'x-ratelimit-remaining-requests', 'anthropic-ratelimit-requests-remaining'],
  ['x-ratelimit-remaining-tokens', 'x-ratelimit-remaining-tokens', 'anthropic-ratelimit-tokens-remaining'],
  ['x-ms-region', 'x-ms-region'],
];

const LONGEST_VALUE = 64;

export interface HttpProberOptions {
  /** Configured target with this id; undefined if there is none. */
  readonly targets: (id: TargetId) => ProbeTarget | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly prices: PriceBook;
  readonly transport: Transport;
  readonly logins: Logins;
  /** Of allswell, for the user agent. */
  readonly version: string;
}

/**
 * Probes over real HTTP: once, within the target's deadline, and a second time only where the upstream refused a parameter
 * of the probe by name.
 *
 * @example
 * const prober = httpProber({ targets: (id) => byId.get(id), clock, random, prices, transport, logins, version });
 * const { outcome } = await prober.probe(target.id, 'inference', signal);
 */
export function httpProber(options: HttpProberOptions): Prober {
  const stalls = stallMeter(options.clock);
  return {
    async probe(id, level, signal, adaptation) {
      const target = options.targets(id);
      if (target === undefined) {
        return { ...noEvidence(level, 'this pod does not know the target', 0), sent: 'nothing' };
      }
      try {
        return await probeOnce({ ...options, target, stalls, adaptation }, possibleLevel(level, target), signal);
      } catch (error) {
        const text = error instanceof Error ? error.message : 'thrown without a reason';
        return noEvidence(level, redactorFor(target)(`a bug in allswell: ${text}`), 0);
      }
    },
  };
}

interface ProbeInput extends HttpProberOptions {
  readonly target: ProbeTarget;
  readonly stalls: StallMeter;
  readonly adaptation: ProbeAdaptation | undefined;
}

async function probeOnce(input: ProbeInput, level: Level, signal: AbortSignal): Promise<ProbeResult> {
  const { target, transport, logins, random, clock, version, stalls, adaptation } = input;
  const deadline = startDeadline(clock, target.timeoutMs, signal);
  const stall = stalls.watch();
  try {
    const userAgent = `allswell/${version} (health probe)`;
    const asked = {
      target,
      transport,
      logins,
      random,
      userAgent,
      wallMs: clock.wallMs(),
      signal: deadline.signal,
      adaptation,
    };
    const found = await askers[level](asked);
    return resultOf(input, level, { found, deadline, stalledMs: stall.stalledMs() });
  } finally {
    stall.end();
    deadline.end();
  }
}

function resultOf({ target, prices }: ProbeInput, level: Level, ended: Ended): ProbeResult {
  const { found } = ended;
  const outcome = outcomeOf(target, ended);
  if (found.kind === 'fault') {
    return { outcome, level, latencyMs: found.latencyMs, ...(found.phase === 'connect' && { sent: 'nothing' }) };
  }
  const limits = limitsOf(found.headers, redactorFor(target));
  return {
    outcome,
    level,
    latencyMs: found.latencyMs,
    ...found.usage,
    ...costsOf(target, prices, found.usage),
    ...(limits === undefined ? {} : { limits }),
    ...(found.adapted === undefined ? {} : { adapted: found.adapted }),
  };
}

/** Without both token counts the cost is unknown. Embeddings have no output tokens. */
function costsOf(target: ProbeTarget, prices: PriceBook, usage: Usage): { costUsd?: number } {
  const { provider, priceModel, price, mode } = target;
  const { inputTokens, outputTokens = mode === 'embedding' ? 0 : undefined } = usage;
  if (inputTokens === undefined || outputTokens === undefined) return {};
  const costUsd = usdOf({ provider, model: priceModel, inputTokens, outputTokens }, price, prices);
  return costUsd === undefined ? {} : { costUsd };
}

function noEvidence(level: Level, why: string, latencyMs: number): ProbeResult {
  return { outcome: { kind: 'no-evidence', why }, level, latencyMs };
}

/** The headers about limits that are worth showing; undefined when there is none. */
function limitsOf(
  headers: Readonly<Record<string, string>>,
  redact: RedactLine,
): Readonly<Record<string, string>> | undefined {
  const found = shown.flatMap(([name, ...sent]) => {
    const value = sent.map((header) => headers[header]).find((text) => text !== undefined);
    return value === undefined || value.length > LONGEST_VALUE ? [] : [[name, redact(value)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
