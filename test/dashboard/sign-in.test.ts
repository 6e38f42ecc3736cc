import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { fleetFor, SECRETS, sharedFleet } from '../fleet/harness/index.ts';
import { CHROMIUM, signIn, useBrowser } from './browser.ts';
import { showsState } from './shown.ts';

const SCOPED = 'sk-scoped-1';
const ADMIN = 'sk-admin-1';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const keys = [
  { name: 'team', sha256: sha256(SCOPED), role: 'scoped', models: ['chat'] },
  { name: 'ops', sha256: sha256(ADMIN), role: 'admin' },
];

describe.skipIf(CHROMIUM === undefined)('the sign-in', () => {
  const open = useBrowser();
  const fleet = sharedFleet({ pods: 1, models: ['chat'], fleetHealth: { keys } });

  it('refuses a wrong key and one without admin rights, each in clear words, and takes the next', async (test) => {
    const { page, faults } = await open(test, fleet().pod(0).url, { key: 'sk-wrong' });
    const problem = page.getByRole('alert');
    await problem.filter({ hasText: 'does not accept this key (HTTP 401)' }).waitFor();
    await signIn(page, SCOPED);
    await problem.filter({ hasText: 'an admin key is needed' }).waitFor();
    expect(await page.getByRole('button').allTextContents()).toEqual(['Sign in']);
    await signIn(page, ADMIN);
    await showsState(page, 'chat', 'up');
    expect(faults).toEqual([]);
  });

  it('keeps the key in memory: neither in the address nor in any storage, and a reload asks for it again', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    await showsState(page, 'chat', 'up');
    expect(JSON.stringify(await stored(page))).not.toContain(SECRETS.masterKey);
    expect(page.url()).not.toContain(SECRETS.masterKey);
    await page.reload();
    await page.getByLabel('Admin key').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('ends with the button, and what was read is gone', async (test) => {
    const { page } = await open(test, fleet().pod(0).url);
    await showsState(page, 'chat', 'up');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin key').waitFor();
    expect(await page.textContent('body')).not.toContain('openai/chat');
  });

  it('comes back when the key is revoked', async (test) => {
    const own = await fleetFor(test, { pods: 1, models: ['chat'], fleetHealth: { keys } });
    const { page } = await open(test, own.pod(0).url, { key: ADMIN });
    await showsState(page, 'chat', 'up');
    own.configure(0, { fleetHealth: { keys: keys.slice(0, 1) } });
    own.pod(0).kill('SIGHUP');
    // The next reading is refused; the running stream was opened with a good key.
    await page.getByLabel('Admin key').waitFor();
    await page.getByRole('alert').filter({ hasText: 'HTTP 401' }).waitFor();
  });

  it('is not asked for where the pod has no master key and may answer without', async (test) => {
    const own = await fleetFor(test, {
      pods: 1,
      models: ['chat'],
      settings: { master_key: null, dangerously_permit_weak_or_unset_master_key: true },
    });
    const { page } = await open(test, own.pod(0).url, { key: null });
    await showsState(page, 'chat', 'up');
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  });
});

async function stored(page: Page): Promise<unknown> {
  return await page.evaluate<unknown>(`Promise.all([
    { ...localStorage }, { ...sessionStorage }, document.cookie, indexedDB.databases(), caches.keys().catch(() => []),
  ])`);
}
