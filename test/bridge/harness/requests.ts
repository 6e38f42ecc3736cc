import { epochMs } from '../../fleet/harness/index.ts';
import type { Span } from '../../fleet/harness/index.ts';
import type { SeenRequest } from '../../../src/testing/index.ts';

/** Who sent a request to the upstream: a probe of ours, one of LiteLLM's, or a user through LiteLLM. */
export type Sender = 'allswell' | 'litellm' | 'user';

interface Arrived {
  readonly at: number;
  readonly model: string;
  readonly sender: Sender;
}

/** What LiteLLM asks when it probes: one of two questions at random, or this text where the endpoint takes no messages. */
const LITELLM_ASKS = ["Hey how's it going?", "What's 1 + 1?", 'test from litellm'];

/** Everything that arrived at an upstream, LiteLLM's own retries included. */
export class Requests {
  readonly #arrived: Arrived[] = [];

  /** To be called for each request. */
  readonly take = (model: string, request: SeenRequest): void => {
    this.#arrived.push({ at: epochMs(), model, sender: senderOf(request) });
  };

  /** When they arrived, of one model or of all. */
  times(sender: Sender, { model, span }: { model?: string; span?: Span } = {}): number[] {
    return this.#arrived
      .filter((one) => one.sender === sender && (model === undefined || one.model === model))
      .map(({ at }) => at)
      .filter((at) => span === undefined || (at >= span.from && at < span.to));
  }
}

export function senderOf({ headers, body }: Pick<SeenRequest, 'headers' | 'body'>): Sender {
  if (/^allswell\/\S+ \(health probe\)$/.test(headers['user-agent'] ?? '')) return 'allswell';
  const text = JSON.stringify(body);
  return LITELLM_ASKS.some((question) => text.includes(JSON.stringify(question))) ? 'litellm' : 'user';
}
