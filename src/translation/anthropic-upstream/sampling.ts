import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import type { ClaudeTraits } from '../claude-traits.ts';
import { present } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';

/** Temperature, `top_p` and `top_k`. OpenAI's temperature goes to 2, Anthropic's to 1. */
export function samplingOf(body: JsonObject, context: SamplingContext): JsonBody {
  return present({
    temperature: temperatureOf(body['temperature'], context),
    top_p: topPOf(body, context),
    top_k: topKOf(body['top_k'], context),
  });
}

interface SamplingContext {
  readonly thinking: JsonBody | undefined;
  readonly traits: ClaudeTraits;
  readonly findings: TranslationFindings;
}

const REMOVED = 'this model accepts no sampling parameters';

function temperatureOf(value: unknown, { thinking, traits, findings }: SamplingContext): unknown {
  if (typeof value !== 'number' || value === 1) return value;
  if (traits.sampling === 'refused') {
    findings.unsupported('temperature', `${REMOVED} but a temperature of 1`);
    return undefined;
  }
  if (isThinking(thinking)) {
    findings.unsupported('temperature', 'must be 1 while the model thinks');
    return undefined;
  }
  return clamped(value);
}

function topPOf({ top_p: value, temperature }: JsonObject, { thinking, traits, findings }: SamplingContext): unknown {
  if (typeof value !== 'number') return value;
  if (traits.sampling === 'refused' && value !== 1) {
    findings.unsupported('top_p', REMOVED);
    return undefined;
  }
  if (isThinking(thinking) && value < 0.95) {
    findings.unsupported('top_p', 'must be 0.95 or more while the model thinks');
    return undefined;
  }
  // 1 is the default. Newer models refuse it beside a temperature, and clients often send both.
  if (value >= 1 && (traits.sampling === 'refused' || typeof temperature === 'number')) return undefined;
  return clamped(value);
}

function topKOf(value: unknown, { thinking, traits, findings }: SamplingContext): unknown {
  if (typeof value !== 'number') return value;
  if (traits.sampling === 'accepted' && !isThinking(thinking)) return value;
  findings.unsupported('top_k', traits.sampling === 'refused' ? REMOVED : 'not accepted while the model thinks');
  return undefined;
}

function isThinking(thinking: JsonBody | undefined): boolean {
  return thinking !== undefined && thinking['type'] !== 'disabled';
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}
