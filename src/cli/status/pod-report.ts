import { setTimeout as pause } from 'node:timers/promises';
import { alertsForm, askPod, fleetForm } from '../ask/index.ts';
import type { AlertsPage, FleetPage, PodAddress, PodAnswer } from '../ask/index.ts';

/** What one pod answered. */
export type PodReport =
  | { readonly kind: 'answered'; readonly url: string; readonly page: FleetPage; readonly alerts?: AlertsPage }
  | { readonly kind: 'silent'; readonly url: string; readonly why: string };

/** Asks every pod at once; with `alerts` also for the receivers of alerts. */
export async function readReports(
  addresses: readonly PodAddress[],
  reads: 'alerts' | 'fleet' = 'fleet',
): Promise<readonly PodReport[]> {
  return await Promise.all(
    addresses.map(async (address): Promise<PodReport> => {
      const { url } = address;
      const [answer, alerts] = await Promise.all([
        askFleet(address),
        reads === 'alerts' ? askPod<AlertsPage>(address, '/fleet/alerts', { form: alertsForm }) : undefined,
      ]);
      if (answer.kind === 'answered') {
        // A pod of an older version has no such page.
        const more = alerts?.kind === 'answered' ? { alerts: alerts.body } : {};
        return { kind: 'answered', url, page: answer.body, ...more };
      }
      return { kind: 'silent', url, why: answer.why };
    }),
  );
}

/** A pod reads the sums of probe costs when it is asked, and answers without them or with older ones. */
const MONEY_READ_MS = 250;
const MONEY_OLD_MS = 10_000;

/** Asks a second time, {@link MONEY_READ_MS} later, if the first answer made the pod read the sums of probe costs. */
async function askFleet(address: PodAddress): Promise<PodAnswer<FleetPage>> {
  const ask = async (): Promise<PodAnswer<FleetPage>> => {
    return await askPod<FleetPage>(address, '/fleet', { form: fleetForm });
  };
  const first = await ask();
  if (first.kind !== 'answered' || !isMoneyOld(first.body)) return first;
  await pause(MONEY_READ_MS);
  const second = await ask();
  return second.kind === 'answered' ? second : first;
}

function isMoneyOld({ money, now, store }: FleetPage): boolean {
  if (money === undefined || money.targets.length === 0 || !store.available) return false;
  return money.as_of === null || Date.parse(now) - Date.parse(money.as_of) > MONEY_OLD_MS;
}

/** The pages of those that answered. */
export function pagesOf(reports: readonly PodReport[]): readonly FleetPage[] {
  return reports.flatMap((report) => (report.kind === 'answered' ? report.page : []));
}
