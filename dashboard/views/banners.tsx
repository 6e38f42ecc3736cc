import type { JSX } from 'preact';
import type { FleetBody } from '../../src/api/index.ts';
import { fleet, lostAt } from '../state/fleet.ts';
import { Ago, Until } from './times.tsx';

/** What restricts the meaning of all that is shown below. */
export function Banners(): JSX.Element | null {
  const body = fleet.value;
  if (body === null) return null;
  const lines = linesOf(body);
  return (
    <aside class="banners" aria-label="Notices">
      {lostAt.value !== null && (
        <p class="banner bad">
          <b>Disconnected</b> from the pod. States are those of <Ago at={body.now} />; ages go on. Connecting again…
        </p>
      )}
      {lines}
    </aside>
  );
}

function linesOf(body: FleetBody): readonly JSX.Element[] {
  const { store, mode, probing_paused: pause, impaired, incidents } = body;
  const lines: JSX.Element[] = [];
  if (!store.available || mode === 'fallback') {
    lines.push(
      <p key="store" class="banner bad">
        <b>Redis is away</b>
        {store.problem === null ? '' : `: ${store.problem}`}. This pod probes on its own (mode {mode}); holds cannot be
        changed.
      </p>,
    );
  }
  if (impaired) {
    lines.push(
      <p key="impaired" class="banner warning">
        <b>This pod is impaired</b>: it probably has a problem with its own network.
      </p>,
    );
  }
  if (pause !== null) {
    lines.push(
      <p key="pause" class="banner warning">
        <b>Probing is paused</b> by {pause.by}: {pause.reason}
        {pause.until !== null && (
          <>
            {' '}
            (ends <Until at={pause.until} />)
          </>
        )}
      </p>,
    );
  }
  for (const { kind, at, what } of incidents) {
    lines.push(
      <p key={kind} class="banner warning">
        <b>{kind.replaceAll('-', ' ')}</b>, <Ago at={at} />: {what}
      </p>,
    );
  }
  return lines;
}
