import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sharedFleet } from '../fleet/harness/index.ts';
import { CHROMIUM, useBrowser } from './browser.ts';
import { showsState } from './shown.ts';

const MOST_BYTES = 60_000;

describe('the files of the dashboard', () => {
  const fleet = sharedFleet({
    pods: [{}, { env: { SERVER_ROOT_PATH: '/llm' } }, { env: { NUM_WORKERS: '2' } }, { command: 'bridge' }],
    models: ['chat'],
  });
  const get = async (path: string): Promise<Response> => await fetch(fleet().pod(0).url + path);

  it('take at most 60 kB, compressed, for the first page', async () => {
    const page = await (await get('/ui/')).text();
    const names = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name = '']) => name);
    expect(names).toHaveLength(2);
    const bodies = await Promise.all(names.map(async (name) => await (await get(`/ui/${name}`)).text()));
    const bytes = [page, ...bodies].reduce((sum, body) => sum + gzipSync(body).byteLength, 0);
    console.log(`dashboard: ${bytes} bytes for the first page`);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
    // One script, and nothing from elsewhere.
    expect(bodies.join('').match(/\bimport\(|https?:\/\/(?!www\.w3\.org)[^"'`\s]+/g) ?? []).toEqual([]);
  });

  it('come over the wire as they were compressed by the build', async () => {
    const answer = await fetch(`${fleet().pod(0).url}/ui/`, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toContain('<div id="app">');
  });

  describe.skipIf(CHROMIUM === undefined)('in a browser', () => {
    const open = useBrowser();

    it.for([
      ['of a pod', 0, ''],
      ['below SERVER_ROOT_PATH', 1, '/llm'],
      ['of a pod with workers', 2, ''],
      ['of a bridge', 3, ''],
    ] as const)('work: %s', async ([, place, root], test) => {
      const pod = `${fleet().pod(place).url}${root}`;
      const { page, faults } = await open(test, pod);
      await showsState(page, 'chat', 'up');
      await page.goto(`${pod}/ui`);
      await page.getByLabel('Admin key').waitFor();
      expect(new URL(page.url()).pathname).toBe(`${root}/ui/`);
      expect(faults).toEqual([]);
    });
  });
});
