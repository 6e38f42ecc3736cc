import type { JSX } from 'preact';
import { counted } from '../model/headline.ts';
import { eventRows } from '../state/events.ts';
import { StateBadge } from './state-badge.tsx';
import { Ago } from './times.tsx';

/** Changes since this page was opened. */
export function EventsPage(): JSX.Element {
  const rows = eventRows.value;
  return (
    <>
      <h1 tabIndex={-1}>Events</h1>
      <p class="note">{counted(rows.length, 'change')} since this page was opened, the newest first.</p>
      {rows.length === 0 && <p class="empty">Nothing has changed yet. Changes appear here as they happen.</p>}
      <ol class="events">
        {rows.map(({ key, at, kind, target, subject, text, state }) => (
          <li key={key}>
            <Ago at={at} />
            {state === null ? <span class="note">{kind.replace('-', ' ')}</span> : <StateBadge state={state} />}
            {target === null ? <b>{subject}</b> : <a href={`#/targets/${target}`}>{subject}</a>}
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
