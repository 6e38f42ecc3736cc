import type { StoreTime } from '../../health/index.ts';
import type { AlertIncident, IncidentMember } from './incident.ts';
import { severityOf, worstKind } from './condition.ts';
import type { AlertKind } from '../../ports/index.ts';
import type { Severity } from './condition.ts';

/** `update`: some members of the incident are up again, others are not. */
export type NoticeAction = 'trigger' | 'update' | 'resolve' | 'test';

/** One model, group or other subject in a message. */
export interface NoticeSubject {
  readonly kind: AlertKind;
  readonly label: string;
  readonly why: string;
}

/** One message, complete: any pod can send it. Receivers get it in their own form. */
export interface Notice {
  /** Id of the incident. */
  readonly id: string;
  readonly action: NoticeAction;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly place: string;
  /** One line. */
  readonly title: string;
  readonly at: StoreTime;
  readonly startedAt: StoreTime;
  /** Present if the incident is over, ms. */
  readonly durationMs: number | null;
  /** What is still down, most severe first, at most {@link MOST_NAMED}. */
  readonly down: readonly NoticeSubject[];
  readonly downCount: number;
  /** What ended, at most {@link MOST_NAMED}. */
  readonly ended: readonly NoticeSubject[];
  readonly endedCount: number;
}

/** Most characters of a reason in a message. */
const MOST_WHY = 120;
/** Most subjects that one message lists. */
export const MOST_NAMED = 20;

/** The message about an incident as it is at `at`. */
export function noticeOf(incident: AlertIncident, action: Exclude<NoticeAction, 'test'>, at: StoreTime): Notice {
  const { id, place, members } = incident;
  const kind = worstKind(members.map((member) => member.kind));
  const down = inOrder(members.filter(({ endedAt }) => endedAt === null));
  const ended = inOrder(members.filter(({ endedAt }) => endedAt !== null));
  const startedAt = Math.min(...members.map(({ since }) => since));
  const durationMs = action === 'resolve' ? Math.max(0, Math.round((at - startedAt) / 1_000)) : null;
  return {
    id,
    action,
    kind,
    severity: members.some((one) => one.critical === true) ? 'critical' : severityOf(kind),
    place,
    title: titles[action]({ place, down, ended, durationMs: durationMs ?? 0 }),
    at,
    startedAt,
    durationMs,
    down: down.slice(0, MOST_NAMED).map(subjectOf),
    downCount: down.length,
    ended: ended.slice(0, MOST_NAMED).map(subjectOf),
    endedCount: ended.length,
  };
}

interface TitleInput {
  readonly place: string;
  readonly down: readonly IncidentMember[];
  readonly ended: readonly IncidentMember[];
  readonly durationMs: number;
}

const titles: Readonly<Record<Exclude<NoticeAction, 'test'>, (input: TitleInput) => string>> = {
  trigger: ({ place, down }) => {
    const [groups, targets, others] = byKind(down);
    return [
      ...(groups.length > 0 ? [`${namesOf(groups)}: no routable deployment`] : []),
      ...(targets.length > 0 ? [`${place}: ${modelsAre(targets, 'down')}`] : []),
      ...others.map(({ label }) => label),
    ].join('; ');
  },
  update: ({ place, down, ended }) => {
    const again = down.filter(({ againSince }) => againSince !== undefined);
    if (again.length > 0) return againTitle(place, again, down);
    const [, targets] = byKind(ended);
    const [, , others] = byKind(down);
    if (targets.length === 0) return others.map(({ label }) => label).join('; ');
    const all = byKind(down)[1].length + targets.length;
    return `${place}: ${targets.length} of ${all} ${all === 1 ? 'model is' : 'models are'} up again; still down: ${namesOf(down)}`;
  },
  resolve: ({ place, ended, durationMs }) => {
    const [groups, targets, others] = byKind(ended);
    const held = ended.filter(({ end }) => end === 'held').length;
    const removed = ended.filter(({ end }) => end === 'removed').length;
    const subjects = [
      ...(targets.length > 0 ? [`${place}: ${modelsAre(targets, 'up again')}`] : []),
      ...(targets.length === 0 && groups.length > 0 ? [`${namesOf(groups)}: routable again`] : []),
      ...others.map(({ label }) => label),
    ].join('; ');
    const notes = [
      ...(held > 0 ? [`${held} held by an operator`] : []),
      ...(removed > 0 ? [`${removed} no longer configured`] : []),
    ];
    return `Resolved after ${durationText(durationMs)}: ${subjects}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
  },
};

/** What a message called up is down again. */
function againTitle(place: string, again: readonly IncidentMember[], down: readonly IncidentMember[]): string {
  const [groups, targets, others] = byKind(again);
  const rest = down.filter((one) => !again.includes(one));
  return [
    ...(groups.length > 0 ? [`${namesOf(groups)}: no routable deployment again`] : []),
    ...(targets.length > 0 ? [`${place}: ${modelsAre(targets, 'down again')}`] : []),
    ...others.map(({ label }) => label),
    ...(rest.length > 0 ? [`still down: ${namesOf(rest)}`] : []),
  ].join('; ');
}

function byKind(
  members: readonly IncidentMember[],
): readonly [readonly IncidentMember[], readonly IncidentMember[], readonly IncidentMember[]] {
  return [
    members.filter(({ kind }) => kind === 'group-down'),
    members.filter(({ kind }) => kind === 'target-down'),
    members.filter(({ kind }) => kind !== 'group-down' && kind !== 'target-down'),
  ];
}

function modelsAre(targets: readonly IncidentMember[], state: string): string {
  return targets.length === 1 ? `${namesOf(targets)} is ${state}` : `${targets.length} models ${state}`;
}

const NAMES_IN_TITLE = 3;

function namesOf(members: readonly IncidentMember[]): string {
  const names = [...new Set(members.map(({ label }) => label))];
  const more = names.length - NAMES_IN_TITLE;
  return `${names.slice(0, NAMES_IN_TITLE).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function inOrder(members: readonly IncidentMember[]): readonly IncidentMember[] {
  const rank = ({ kind }: IncidentMember): number => (kind === 'group-down' ? 0 : 1);
  return members.toSorted((a, b) => rank(a) - rank(b) || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
}

function subjectOf({ kind, label, why }: IncidentMember): NoticeSubject {
  return { kind, label, why: why.slice(0, MOST_WHY) };
}

/** Such as `2 h 5 min`, `5 min 3 s`, `40 s`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
