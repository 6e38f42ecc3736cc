import { askPod, fleetForm } from '../ask/index.ts';
import type { FleetPage, PodAddress } from '../ask/index.ts';

/** What one pod answered. */
export type PodReport =
  | { readonly kind: 'answered'; readonly url: string; readonly page: FleetPage }
  | { readonly kind: 'silent'; readonly url: string; readonly why: string };

/** Asks every pod at once. */
export async function readReports(addresses: readonly PodAddress[]): Promise<readonly PodReport[]> {
  return await Promise.all(
    addresses.map(async (address): Promise<PodReport> => {
      const { url } = address;
      const answer = await askPod<FleetPage>(address, '/fleet', { form: fleetForm });
      if (answer.kind === 'answered') return { kind: 'answered', url, page: answer.body };
      return { kind: 'silent', url, why: answer.why };
    }),
  );
}

/** The pages of those that answered. */
export function pagesOf(reports: readonly PodReport[]): readonly FleetPage[] {
  return reports.flatMap((report) => (report.kind === 'answered' ? report.page : []));
}
