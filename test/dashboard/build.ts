import { buildDashboard } from '../../scripts/build-dashboard.ts';

/** The pods of these tests serve what is built here. */
export async function setup(): Promise<void> {
  await buildDashboard();
}
