import { createHash, timingSafeEqual } from 'node:crypto';
import type { DrainedBody } from '../../api/index.ts';
import { detailAnswer, jsonAnswer, notFound } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';

const POLL_MS = 50;

type DrainParts = Pick<AdminOptions, 'config' | 'drain' | 'traffic' | 'clock'>;

/**
 * `GET /health/drain`, for a `preStop` hook: the pod says that it stops, gives its leases back, and the answer comes when
 * no other request waits, or the time to stop is over. Closed, as if it were not there, unless a token is set.
 */
export function createDrain({ config, drain, traffic, clock }: DrainParts): (headers: Headers) => Promise<Response> {
  const { drainToken, shutdownMs } = config;
  // Several may wait for the same end; none of them waits for another.
  const others = (): number => Math.max(0, traffic.inFlight - traffic.drains);
  const drained = async (): Promise<Response> => {
    const atFirst = others();
    const deadlineMs = clock.monotonicMs() + shutdownMs;
    let done = false;
    void drain().finally(() => (done = true));
    while ((others() > 0 || !done) && clock.monotonicMs() < deadlineMs) {
      // oxlint-disable-next-line no-await-in-loop -- looks again
      await new Promise<void>((resolve) => void clock.setTimer(POLL_MS, resolve));
    }
    return jsonAnswer<DrainedBody>({ status: 'drained', drained_requests: Math.max(0, atFirst - others()) });
  };
  return async (headers) => {
    if (drainToken === null) return notFound();
    if (!isSame(headers.get('x-drain-token') ?? '', drainToken)) {
      return detailAnswer(401, 'Invalid or missing X-Drain-Token');
    }
    return await traffic.duringDrain(drained);
  };
}

/** Digests have one length, so neither the time nor an early exit tells anything about the token. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
