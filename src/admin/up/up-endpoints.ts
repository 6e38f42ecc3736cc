import { bind } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import * as upRoute from './up-routes.ts';
import { basisOf } from './doubt.ts';
import type { Doubt } from './doubt.ts';
import { createUpReader, takesTraffic } from './up.ts';
import type { FoundUp } from './up.ts';
import { createUpLog } from './up-log.ts';

type UpParts = Pick<AdminOptions, 'fleet' | 'config' | 'isStopping' | 'logger' | 'clock'>;

/** Answers from memory for clients that read the status only. The text is all that a client without a key gets. */
export function upEndpoints(admin: UpParts): BoundRoute[] {
  const reader = createUpReader(admin);
  const log = createUpLog(admin.logger, admin.clock);
  const answer = (found: FoundUp): Response => {
    if (admin.isStopping()) return line(503, 'stopping');
    if (found.kind === 'none') return line(404, 'not found');
    if (found.kind === 'several') return line(409, 'several targets have this name');
    const { doubt } = basisOf(admin.fleet, found);
    const text = doubt === null ? found.up : `${found.up}; ${doubtTexts[doubt]}`;
    return line(takesTraffic(found.up) ? 200 : 503, text);
  };
  const routes = [
    bind(upRoute.targetUp, ({ params: { id = '' } }) => {
      const found = reader.target(id);
      if (found.kind === 'none') log.notFound('target', id);
      return answer(found);
    }),
    bind(upRoute.groupUp, ({ params: { name = '' } }) => {
      const found = reader.group(name);
      if (found.kind === 'none') log.notFound('model group', name);
      return answer(found);
    }),
  ];
  return routes.map((one) => ({ ...one, denied: (why) => log.denied(why) }));
}

/** Without who decided what: clients without a key read it. */
const doubtTexts: Readonly<Record<Doubt, string>> = {
  paused: 'stale: probing is paused',
  stale: 'stale',
  'held-up': 'held up by an operator, probes fail',
};

function line(status: number, text: string): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(`${text}\n`, { status, headers });
}
