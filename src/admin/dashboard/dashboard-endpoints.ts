import { bind } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { openDashboardFiles } from './dashboard-files.ts';
import type { DashboardFile } from './dashboard-files.ts';
import * as route from './dashboard-routes.ts';

/** Nothing but the page's own files and answers of this pod. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PAGE = 'index.html';

/** `/ui/`: the built files of the dashboard, from memory. They hold no data, so they need no key. */
export function dashboardEndpoints({
  config,
  dashboardFolder,
}: Pick<AdminOptions, 'config' | 'dashboardFolder'>): BoundRoute[] {
  const files = openDashboardFiles(dashboardFolder);
  const isOff = config.dashboard === 'off';
  const answer = (name: string, headers: Headers): Response => {
    if (isOff) return plain(404, OFF);
    const all = files();
    if (all === undefined) return plain(503, NOT_BUILT);
    const file = all.get(name);
    return file === undefined ? plain(404, 'The dashboard has no such file.') : sent(name, file, headers);
  };
  return [
    // Relative, so that it also leads there below SERVER_ROOT_PATH and behind a proxy that rewrites paths.
    bind(route.dashboardEntry, () =>
      isOff ? plain(404, OFF) : new Response(null, { status: 307, headers: { location: 'ui/' } }),
    ),
    bind(route.dashboardPage, ({ headers }) => answer(PAGE, headers)),
    bind(route.dashboardFile, ({ params: { file = '' }, headers }) => answer(file, headers)),
  ];
}

const NOT_BUILT = 'The dashboard is not built: run npm run build, then load this page again.';
const OFF = 'The dashboard is off: fleet_health.dashboard.';

function plain(status: number, text: string): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(`${text}\n`, { status, headers });
}

function sent(name: string, { type, etag, bytes, gzip }: DashboardFile, asked: Headers): Response {
  const headers: Record<string, string> = {
    etag,
    'content-type': type,
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
    vary: 'Origin, Accept-Encoding',
    // The names of assets change with their content; the page's does not.
    'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (matches(asked.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  const compressed = takesGzip(asked.get('accept-encoding') ?? '');
  const body = compressed ? gzip : bytes;
  headers['content-length'] = String(body.byteLength);
  if (compressed) headers['content-encoding'] = 'gzip';
  return new Response(body, { headers });
}

function matches(given: string | null, etag: string): boolean {
  if (given === null) return false;
  return given.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));
}

/** `gzip`, or `*`, without a weight of zero. */
function takesGzip(accepted: string): boolean {
  const weights = new Map(
    accepted.split(',').map((one) => {
      const [coding = '', ...options] = one
        .toLowerCase()
        .split(';')
        .map((part) => part.trim());
      const weight = options.find((option) => option.startsWith('q='))?.slice(2) ?? '1';
      return [coding, Number(weight)] as const;
    }),
  );
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
