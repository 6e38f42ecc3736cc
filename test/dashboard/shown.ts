import type { Locator, Page } from 'playwright-core';

/** The line of a target on the page of the fleet. */
export function rowOf(page: Page, model: string): Locator {
  return page.locator('.row', { has: page.getByRole('link', { name: `openai/${model}`, exact: true }) });
}

/** Waits until a state is shown for a target. */
export async function showsState(page: Page, model: string, state: string): Promise<void> {
  await rowOf(page, model).locator('.state', { hasText: state }).waitFor();
}

/** Goes to a page by the navigation. */
export async function goTo(page: Page, name: 'Fleet' | 'Pods' | 'Money' | 'Events'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click();
}

/** Goes to the page of a target, and waits until it is there. */
export async function openTarget(page: Page, model: string): Promise<void> {
  await page.getByRole('link', { name: `openai/${model}`, exact: true }).click();
  await page.getByRole('heading', { name: 'Evidence' }).waitFor();
}

/** Fills in the dialog of an action and sends it. */
export async function confirm(page: Page, button: string, reason?: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog');
  if (reason !== undefined) await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button').last().click();
  await dialog.waitFor({ state: 'detached' });
}
