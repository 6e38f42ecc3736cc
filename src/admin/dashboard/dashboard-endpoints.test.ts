import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApp, createTraffic } from '../../http/index.ts';
import { dashboardEndpoints } from './dashboard-endpoints.ts';

const BUILT = new URL('../../../test/golden/fixtures/dashboard/', import.meta.url);
const SCRIPT = '/ui/assets/index-1a2b3c4d.js';

function pod({ dashboard = 'on', folder = BUILT }: { dashboard?: 'on' | 'off'; folder?: URL } = {}) {
  const log = () => {};
  const handle = createApp({
    routes: dashboardEndpoints({ config: { dashboard } as never, dashboardFolder: folder }),
    identify: () => 'no-key',
    metricsAuth: 'key',
    upAuth: 'key',
    traffic: createTraffic(),
    logger: { debug: log, info: log, warn: log, error: log },
  });
  return async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    await handle(new Request(`http://pod${path}`, { headers, method }));
}

function emptyFolder(): URL {
  const path = mkdtempSync(join(tmpdir(), 'allswell-dashboard-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return pathToFileURL(`${path}/`);
}

describe('the dashboard', () => {
  it('is a page without a key, which may load nothing from elsewhere and is asked for again each time', async () => {
    const answer = await pod()('/ui/');
    expect([answer.status, await answer.text()]).toEqual([200, '<!doctype html><title>dashboard</title>\n']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-cache',
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      vary: 'Origin, Accept-Encoding',
    });
  });

  it('keeps its files for good, and compressed only where that is accepted', async () => {
    const ask = pod();
    const whole = await ask(SCRIPT);
    expect(whole.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(whole.headers.get('content-encoding')).toBeNull();
    const small = await ask(SCRIPT, { 'accept-encoding': 'br, gzip;q=0.5' });
    expect(small.headers.get('content-encoding')).toBe('gzip');
    const bytes = new Uint8Array(await small.arrayBuffer());
    expect(small.headers.get('content-length')).toBe(String(bytes.byteLength));
    expect(gunzipSync(bytes).toString()).toBe(await whole.text());
    const refused = await ask(SCRIPT, { 'accept-encoding': 'gzip;q=0, *' });
    expect(refused.headers.get('content-encoding')).toBeNull();
  });

  it('answers 304 to the current tag, and HEAD without a body', async () => {
    const ask = pod();
    const etag = (await ask('/ui/')).headers.get('etag') ?? '';
    const same = await ask('/ui/', { 'if-none-match': `"old", W/${etag}` });
    expect([same.status, await same.text(), same.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await ask('/ui/', { 'if-none-match': '"old"' })).status).toBe(200);
    const head = await ask(SCRIPT, {}, 'HEAD');
    expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', '27']);
  });

  it('is found from /ui below any path, for the redirect is relative', async () => {
    const { status, headers } = await pod()('/ui');
    expect([status, headers.get('location')]).toEqual([307, 'ui/']);
  });

  it.each(['/ui', '/ui/'])('refuses other methods at %s, and leads none elsewhere', async (path) => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await pod()(path, {}, method);
      expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'GET']);
    }
  });

  it.each([
    '/ui/../package.json',
    '/ui/..%2f..%2fpackage.json',
    '/ui/%2e%2e/%2e%2e/package.json',
    '/ui/assets/../../../package.json',
    '/ui/assets%5c..%5cindex.html',
    '/ui//etc/passwd',
    '/ui/index.html.gz',
    '/ui/assets/',
    '/ui/__proto__',
    '/ui/%00',
  ])('gives away no other file: %s', async (path) => {
    const answer = await pod()(path);
    expect([path, answer.status]).toEqual([path, 404]);
  });

  it('says what to do where it was not built, and is there once it was', async () => {
    const folder = emptyFolder();
    const ask = pod({ folder });
    const answer = await ask('/ui/');
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build')]);
    writeFileSync(new URL('index.html', folder), 'built');
    writeFileSync(new URL('index.html.gz', folder), gzipSync('built'));
    expect(await (await ask('/ui/')).text()).toBe('built');
  });

  it('can be turned off', async () => {
    const ask = pod({ dashboard: 'off' });
    for (const path of ['/ui', '/ui/', SCRIPT]) {
      const answer = await ask(path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 404, expect.stringContaining('dashboard')]);
    }
  });
});
