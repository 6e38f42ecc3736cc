import { answersOf } from '../../src/http/index.ts';
import { routedTable } from '../../src/server/http/route-table.ts';
import type { Handle, Route } from '../../src/http/index.ts';

/** Answers as `handle` does, and throws where an answer is not what the table of routes promises. */
export function asPromised(handle: Handle): Handle {
  return async (request, peer) => {
    const answer = await handle(request, peer);
    const route = routeOf(request);
    if (route === undefined) return answer;
    const promised = answersOf(route).find(([status]) => status === answer.status)?.[1];
    const what = `${route.method} ${route.paths[0]} answered ${answer.status}`;
    if (promised === undefined) throw new Error(`${what}, which its route does not promise`);
    const type = answer.headers.get('content-type') ?? '';
    const isOther = promised.otherType !== undefined && type.startsWith(promised.otherType);
    if (promised.schema === undefined || isOther) return answer;
    const read = promised.schema.safeParse(await answer.clone().json());
    if (!read.success) throw new Error(`${what} in another shape than promised: ${read.error.message}`);
    return answer;
  };
}

function routeOf({ method, url }: Request): Route | undefined {
  const { pathname } = new URL(url);
  return routedTable.find((route) => route.method === method && route.paths.some((path) => fits(pathname, path)));
}

function fits(pathname: string, path: string): boolean {
  const [before = '', after] = path.split(/\{\w+\}/);
  if (after === undefined) return pathname === path;
  return pathname.length > before.length + after.length && pathname.startsWith(before) && pathname.endsWith(after);
}
