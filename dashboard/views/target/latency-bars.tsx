import type { JSX } from 'preact';
import type { PastCheck } from '../../../src/api/index.ts';
import { latencyText } from '../../model/durations.ts';
import { podName } from '../../state/fleet.ts';
import { Ago } from '../times.tsx';

interface Bars {
  /** The oldest first; null before they were read. */
  readonly rows: readonly PastCheck[] | null;
  readonly problem: string | null;
  readonly usualMs: number | undefined;
}

const MOST_BARS = 48;

/** Latencies of the stored probe results. A failed one has its own shape, and its words are in the table. */
export function LatencyBars({ rows, problem, usualMs }: Bars): JSX.Element {
  const shown = (rows ?? []).slice(-MOST_BARS);
  const most = Math.max(1, usualMs ?? 0, ...shown.map(({ response_time_ms: ms }) => ms));
  return (
    <section class="panel" aria-labelledby="latency">
      <h2 id="latency">Stored probe results</h2>
      {problem !== null && <p class="problem">The history cannot be read: {problem}</p>}
      {problem === null && rows === null && <p class="empty">Reading…</p>}
      {rows?.length === 0 && <p class="empty">None yet.</p>}
      {shown.length > 0 && (
        <>
          <p class="note">
            The first of each hour, and each that differs from the one before. Highest bar: {latencyText(most)}
            {usualMs !== undefined && `; usual: ${latencyText(usualMs)}`}
          </p>
          <div class="bars" aria-hidden="true">
            {shown.map((row) => (
              <span
                key={row.health_check_id}
                class={row.status === 'healthy' ? 'bar' : 'bar failed'}
                title={`${row.checked_at}: ${row.error_message ?? latencyText(row.response_time_ms)}`}
                style={{
                  height: row.status === 'healthy' ? `${Math.max(4, (row.response_time_ms / most) * 100)}%` : '100%',
                }}
              />
            ))}
          </div>
          <Results rows={shown} />
        </>
      )}
    </section>
  );
}

const LISTED = 12;

function Results({ rows }: { readonly rows: readonly PastCheck[] }): JSX.Element {
  const newest = rows.toReversed().slice(0, LISTED);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Result</th>
          <th scope="col" class="number">
            Latency
          </th>
          <th scope="col">Pod</th>
        </tr>
      </thead>
      <tbody>
        {newest.map((row) => (
          <tr key={row.health_check_id}>
            <td>
              <Ago at={row.checked_at} />
            </td>
            <td class={row.status === 'healthy' ? 'good' : 'bad'}>
              {row.status === 'healthy' ? '✓ passed' : `✕ ${row.error_message ?? 'failed'}`}
            </td>
            <td class="number">{latencyText(row.response_time_ms)}</td>
            <td>{podName(row.checked_by)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
