import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { behaviourSchema, portFaultSchema } from './behaviour.ts';
import type { Behaviour, PortFault } from './behaviour.ts';
import { MockListener } from './listener.ts';
import { send } from './play.ts';
import { receive } from './receive.ts';
import type { MockUpstream } from './mock-upstream.ts';
import { errorAnswer } from './wire.ts';

/** One order to a running mock: the body of `POST /_control`. */
export type ControlOrder =
  | { readonly model: string; readonly behaviour: Behaviour }
  | { readonly port: number | 'all'; readonly fault: PortFault }
  | { readonly listed: readonly string[] }
  /** Opens one more port. Every answer lists all of them. */
  | { readonly open: number }
  /** Forgets all counts. */
  | { readonly reset: true };

/** The part of a mock that can be driven from another process. */
export type Controlled = Pick<
  MockUpstream,
  'set' | 'setFault' | 'setListed' | 'openPort' | 'resetCounts' | 'stats' | 'ports'
>;

/** Listens for control requests on a separate port, which stays open while the mock refuses connections. */
export function openControl(port: number, mock: Controlled): Promise<MockListener> {
  return MockListener.open({
    port,
    onRequest: (request, response) => void answer(mock, request, response),
    onConnection: () => undefined,
  });
}

const orderSchema: z.ZodType<ControlOrder> = z.union([
  z.strictObject({ model: z.string(), behaviour: behaviourSchema }),
  z.strictObject({ port: z.union([z.int(), z.literal('all')]), fault: portFaultSchema }),
  z.strictObject({ listed: z.array(z.string()) }),
  z.strictObject({ open: z.int().nonnegative() }),
  z.strictObject({ reset: z.literal(true) }),
]);

async function answer(mock: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { method, path, body } = await receive(request);
    if (method === 'GET' && path === '/_stats') return send(response, { status: 200, body: mock.stats() });
    if (method !== 'POST' || path !== '/_control') return send(response, { status: 404, body: errorAnswer(404) });
    await obey(mock, orderSchema.parse(body));
    return send(response, { status: 200, body: { ports: mock.ports } });
  } catch (error) {
    return send(response, { status: 400, body: { error: error instanceof Error ? error.message : 'failed' } });
  }
}

async function obey(mock: Controlled, order: ControlOrder): Promise<void> {
  if ('behaviour' in order) mock.set(order.model, order.behaviour);
  else if ('fault' in order) await mock.setFault(order.port, order.fault);
  else if ('listed' in order) mock.setListed(order.listed);
  else if ('open' in order) await mock.openPort(order.open);
  else mock.resetCounts();
}
