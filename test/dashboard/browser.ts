import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { TestContext } from 'vitest';
import { SECRETS } from '../fleet/harness/index.ts';

/** Path of a program that starts Chromium; `.ci/fetch-chromium` prints one. */
export const CHROMIUM: string | undefined = process.env['CHROMIUM_BIN'];

/** How a page is opened. */
export interface Visit {
  /** Part of the address after `#`. */
  readonly hash?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Null: the form stays. The master key unless given. */
  readonly key?: string | null;
}

/** A page of the dashboard, and what went wrong in it. */
export interface Visited {
  readonly page: Page;
  /** Uncaught errors, and violations of the Content-Security-Policy. */
  readonly faults: readonly string[];
}

/** One Chromium for all tests of a file. */
export function useBrowser(): (test: TestContext, pod: string, visit?: Visit) => Promise<Visited> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    // Root has no sandbox.
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => await browser?.close());
  return async (test, pod, { hash = '', colorScheme = 'light', key = SECRETS.masterKey } = {}) => {
    if (browser === undefined) throw new Error('the browser has not started');
    const context = await browser.newContext({ colorScheme, viewport: { width: 1400, height: 900 } });
    test.onTestFinished(async () => await context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) faults.push(message.text());
    });
    await page.goto(`${pod}/ui/${hash}`);
    if (key !== null) await signIn(page, key);
    return { page, faults };
  };
}

/** Enters a key in the form. */
export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Admin key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
