// A worker without Redis: it asks a pod of allswell which model is up, and reports how its request ended.
import { connect } from 'allswell/client';

interface Env {
  /** Of a pod of allswell, and a key of the role `admin`. */
  readonly ALLSWELL_URL: string;
  readonly ALLSWELL_KEY: string;
  /** A server with OpenAI's API, and its key. */
  readonly MODEL_URL: string;
  readonly MODEL_KEY: string;
}
type Context = { waitUntil(promise: Promise<unknown>): void };

const worker: { fetch(request: Request, env: Env, context: Context): Promise<Response> } = {
  async fetch(request, { ALLSWELL_URL, ALLSWELL_KEY, MODEL_URL, MODEL_KEY }, context) {
    const fleet = connect({ url: ALLSWELL_URL, key: ALLSWELL_KEY, reporter: 'worker', readyTimeoutMs: 500 });
    try {
      await fleet.ready.catch(() => {}); // Without a pod: the first model.
      const name = fleet.state('chat')?.state === 'down' ? 'spare' : 'chat';
      const startedMs = Date.now();
      const took = (): { durationMs: number } => ({ durationMs: Date.now() - startedMs });
      const response = await fetch(`${MODEL_URL}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${MODEL_KEY}` },
        body: JSON.stringify({ model: name, messages: [{ role: 'user', content: await request.text() }] }),
      }).catch((error: unknown) => {
        fleet.report(name, { ok: false, class: 'network', ...took() });
        throw error;
      });
      fleet.report(name, response.ok ? { ok: true, ...took() } : { ok: false, status: response.status, ...took() });
      return response;
    } finally {
      context.waitUntil(fleet.close()); // The answer does not wait for the report.
    }
  },
};

// oxlint-disable-next-line no-default-export -- the form that the runtime asks for
export default worker;
