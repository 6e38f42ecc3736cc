import { signal } from '@preact/signals';
import { rowOf } from '../model/event-rows.ts';
import type { EventRow } from '../model/event-rows.ts';
import { serverNow } from './clock.ts';

const MOST_ROWS = 500;
/** More changes at once are counted, not read out one by one. */
const MOST_SPOKEN = 3;
const SPEAK_MS = 500;

/** Changes since the page was opened, the newest first. */
export const eventRows = signal<readonly EventRow[]>([]);
/** What a screen reader says next. */
export const announcement = signal('');

let nextKey = 0;
let unspoken: string[] = [];
let speakTimer: ReturnType<typeof setTimeout> | undefined;

/** Takes an event of the stream. */
export function addEvent(event: string, body: unknown): void {
  const row = rowOf(event, body);
  if (row !== undefined) add(row);
}

/** Notes that the connection was lost or made again. */
export function addConnectionEvent(text: string): void {
  const at = new Date(serverNow.peek()).toISOString();
  add({ at, kind: 'connection', target: null, subject: 'This page', text, state: null });
}

/** Empties the list. */
export function clearEvents(): void {
  eventRows.value = [];
  unspoken = [];
}

/** Lets screen readers say a text once the running changes are collected. */
export function announce(text: string): void {
  unspoken.push(text);
  speakTimer ??= setTimeout(() => {
    speakTimer = undefined;
    announcement.value =
      unspoken.length > MOST_SPOKEN ? `${unspoken.length} changes, see the page of events` : unspoken.join('. ');
    unspoken = [];
  }, SPEAK_MS);
}

function add(row: Omit<EventRow, 'key'>): void {
  eventRows.value = [{ ...row, key: nextKey++ }, ...eventRows.value].slice(0, MOST_ROWS);
  announce(`${row.subject}: ${row.text}`);
}
