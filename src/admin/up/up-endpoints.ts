import { bind } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import * as upRoute from './up-routes.ts';
import { createUpReader, takesTraffic } from './up.ts';
import type { FoundUp } from './up.ts';

/** Answers from memory for clients that read the status only. The text is all that a client without a key gets. */
export function upEndpoints(admin: Pick<AdminOptions, 'fleet' | 'config' | 'isStopping'>): BoundRoute[] {
  const reader = createUpReader(admin);
  const answer = (found: FoundUp): Response => {
    if (admin.isStopping()) return line(503, 'stopping');
    if (found.kind === 'none') return line(404, 'not found');
    if (found.kind === 'several') return line(409, 'several targets have this name');
    return line(takesTraffic(found.up) ? 200 : 503, found.up);
  };
  return [
    bind(upRoute.targetUp, ({ params: { id = '' } }) => answer(reader.target(id))),
    bind(upRoute.groupUp, ({ params: { name = '' } }) => answer(reader.group(name))),
  ];
}

function line(status: number, text: string): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(`${text}\n`, { status, headers });
}
