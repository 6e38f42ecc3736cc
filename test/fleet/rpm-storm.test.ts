import { expect, it } from 'vitest';
import { isProof } from '../support/proof.ts';
import { allMet, epochMs, fleetFor, observe, PODS, SECRETS, startsOf, waitedMs } from './harness/index.ts';

// Three pods, one deployment with 60 requests per minute, twenty new requests per second, and clients that repeat a 429 at once.

const RPM = 60;
/** What may reach the upstream in any minute: the arrivals of requests are a little less even than their starts. */
const MOST = 66;
const MODEL = 'limited';
const PER_SECOND = 20;
/** Attempts of one client: the first one and its repetitions. */
const TRIES = 4;
const MINUTE_MS = 60_000;
const WINDOW_MS = 61_000;
const BUSY_MS = 2_000;
const SPAN_MS = 3 * MINUTE_MS;

it.runIf(isProof)(
  'clients that repeat a 429 at once change neither the limit nor what they get: an answer, or 429 with Retry-After',
  { timeout: SPAN_MS + 60_000 },
  async (test) => {
    const fleet = await fleetFor(test, {
      pods: PODS,
      models: [{ model: MODEL, params: { rpm: RPM }, info: { id: MODEL } }],
      interval: 120,
      env: { LITELLM_LOG: 'INFO' },
    });
    fleet.upstream.set(MODEL, { kind: 'slow', ms: 20 });
    await allMet(fleet, PODS);
    const answers: Answer[] = [];
    const running = new Set<Promise<void>>();
    const client = async (number: number): Promise<void> => {
      for (let turn = 0; turn < TRIES; turn += 1) {
        const { url } = fleet.pod((number + turn) % PODS);
        // oxlint-disable-next-line no-await-in-loop -- one try after the other
        const answer = await ask(url);
        answers.push(answer);
        if (answer.status !== 429) return;
      }
    };
    let sent = 0;
    const from = epochMs();
    const waitedBefore = waitedMs('self');
    const timer = setInterval(() => {
      while (sent < ((epochMs() - from) * PER_SECOND) / 1_000) {
        const one: Promise<void> = client(sent).finally(() => running.delete(one));
        running.add(one);
        sent += 1;
      }
    }, 10);
    test.onTestFinished(() => clearInterval(timer));
    const { to } = await observe(SPAN_MS);
    clearInterval(timer);
    await Promise.all(running);

    const waited = waitedMs('self') - waitedBefore;
    const starts = fleet.upstream.model(MODEL).traffic.starts.filter((at) => at >= from);
    const most = Math.max(...starts.map((at) => starts.filter((one) => one >= at && one < at + MINUTE_MS).length));
    const perMinute = [0, 1, 2].map((minute) => {
      const begin = from + minute * MINUTE_MS;
      return starts.filter((at) => at >= begin && at < begin + MINUTE_MS).length;
    });
    const by = (status: number): readonly Answer[] => answers.filter((one) => one.status === status);
    const waits = by(429).map(({ retryAfter }) => Number(retryAfter ?? Number.NaN));
    const times = answers.map(({ startedAt, endedAt }) => endedAt - startedAt).toSorted((a, b) => a - b);
    console.log(
      `rpm storm: ${JSON.stringify({
        clients: sent,
        answers: answers.length,
        ok: by(200).length,
        limited: by(429).length,
        most,
        perMinute,
        retryAfterS: [Math.min(...waits), Math.max(...waits)],
        medianMs: Math.round(times[Math.floor(times.length / 2)] ?? 0),
        p99Ms: Math.round(times[Math.floor(times.length * 0.99)] ?? 0),
        waitedMs: Math.round(waited),
        other: answers.length - by(200).length - by(429).length,
        probes: startsOf(fleet.upstream, MODEL, { from, to }).length,
        lines: fleet.pods.map((pod) => pod.lines(/are answered 429/).length),
      })}`,
    );
    // Pods count for 61 s from each start. Arrivals are late where this process waits for a processor: then only their number is certain.
    const windows = Math.ceil((epochMs() - from) / WINDOW_MS);
    expect(starts.length).toBeLessThanOrEqual(windows * RPM);
    expect(starts.length).toBeGreaterThanOrEqual(2 * RPM);
    expect(most).toBeLessThanOrEqual(waited < BUSY_MS ? MOST : 2 * RPM);
    expect(by(200).length + by(429).length).toBe(answers.length);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(1);
    // The limit is no fault of the deployment.
    expect(fleet.pods.flatMap((pod) => pod.lines(/is down|is suspect|Avoiding/))).toEqual([]);
    // At most one line a minute in each pod.
    for (const pod of fleet.pods) expect(pod.lines(/are answered 429/).length).toBeLessThanOrEqual(4);
  },
);

interface Answer {
  /** 0 where the connection failed. */
  readonly status: number;
  readonly retryAfter: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

async function ask(url: string): Promise<Answer> {
  const startedAt = epochMs();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRETS.masterKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'hi' }] }),
  }).catch(() => undefined);
  await answer?.arrayBuffer();
  const retryAfter = answer?.headers.get('retry-after') ?? null;
  return { status: answer?.status ?? 0, retryAfter, startedAt, endedAt: epochMs() };
}
