import type { AlertsTestBody } from '../../api/index.ts';
import { paintFor } from '../../terminal/index.ts';
import { alertsForm, alertsTestForm, askPod } from '../ask/index.ts';
import type { AlertsPage, PodAddress, PodAnswer } from '../ask/index.ts';
import type { CliProcess } from '../cli-process.ts';
import { exitStatus } from '../exit-status.ts';
import { printable, tableLines } from '../show/table.ts';

type Output = 'json' | 'lines';

/** Shows what a pod knows of the fleet's alerts. */
export async function showAlerts(address: PodAddress, output: Output, process: CliProcess): Promise<void> {
  const answer = await askPod<AlertsPage>(address, '/fleet/alerts', { form: alertsForm });
  if (answer.kind !== 'answered') return end(answer, process);
  const { body } = answer;
  process.stdout.write(output === 'json' ? `${JSON.stringify(body)}\n` : `${linesOf(body).join('\n')}\n`);
}

/** Sends a test message through a pod, and shows what each receiver answers. */
export async function testAlerts(
  address: PodAddress,
  { receiver, output }: { readonly receiver: string | undefined; readonly output: Output },
  process: CliProcess,
): Promise<void> {
  const answer = await askPod<AlertsTestBody>(address, '/fleet/alerts/test', {
    method: 'POST',
    body: { receiver },
    form: alertsTestForm,
  });
  if (answer.kind === 'declined' && answer.status === 404 && receiver !== undefined) {
    process.stderr.write(`there is no receiver ${receiver}: see allswell alerts\n`);
    process.exitCode = exitStatus.usage;
    return;
  }
  if (answer.kind !== 'answered') return end(answer, process);
  const { results } = answer.body;
  if (output === 'json') process.stdout.write(`${JSON.stringify(answer.body)}\n`);
  else if (results.length > 0) process.stdout.write(`${resultLines(results).join('\n')}\n`);
  if (results.length === 0) {
    process.stderr.write('no receiver is configured: set fleet_health.alerts.receivers\n');
    process.exitCode = exitStatus.usage;
  } else if (results.some(({ result }) => result !== 'delivered')) process.exitCode = exitStatus.unhealthy;
}

function end(answer: Exclude<PodAnswer<unknown>, { kind: 'answered' }>, process: CliProcess): void {
  process.stderr.write(`${answer.why}\n`);
  process.exitCode = exitStatus.unreachable;
}

function resultLines(results: AlertsTestBody['results']): readonly string[] {
  const rows = results.map(({ receiver, type, host, result, answer }) => [receiver, type, host, result, answer]);
  return tableLines(rows, paintFor(process.stdout));
}

function linesOf({ sender, paused, receivers, incidents, held_back: heldBack = [] }: AlertsPage): readonly string[] {
  if (receivers.length === 0) return ['No receiver is configured: set fleet_health.alerts.receivers'];
  const rows = receivers.map(({ name, type, host, waiting, last }) => [
    name,
    type,
    host,
    waiting === 0 ? '' : `${waiting} waiting`,
    last === null ? 'nothing sent yet' : `${last.result} at ${last.at}: ${last.answer}`,
  ]);
  return [
    `Sender     ${sender ?? 'none known'}`,
    ...(paused ? ['Probing is paused: only groups without a routable deployment open incidents'] : []),
    'Receivers',
    ...tableLines(rows, paintFor(process.stdout)).map((line) => `  ${line}`),
    incidents.length === 0 ? 'Incidents  none open' : 'Incidents',
    ...incidents.map((one) => `  ${printable(incidentText(one))}`),
    ...(heldBack.length === 0 ? [] : ['Held back by damping']),
    ...heldBack.map(({ label, since, until }) =>
      printable(`  ${label}, again since ${since ?? '?'}: reported at ${until ?? '?'} if it lasts`),
    ),
  ];
}

function incidentText({ id, title, started_at: startedAt, ended }: AlertsPage['incidents'][number]): string {
  const up = ended.length === 0 ? '' : `; up again: ${ended.join(', ')}`;
  return `${title}, since ${startedAt ?? '?'}${up} (${id})`;
}
