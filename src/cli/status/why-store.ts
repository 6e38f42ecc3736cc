import type { FleetPage } from '../ask/index.ts';
import { ageWords } from '../show/times.ts';
import type { Finding } from './finding.ts';

/** What befell the store from outside in the last ten minutes. */
export function whyStore({ pod, incidents = [], now }: FleetPage): readonly Finding[] {
  return incidents.flatMap(({ kind, at, count, what }): Finding[] => {
    const told = tellings[kind];
    if (told === undefined) return [];
    const age = ageWords(Math.max(0, (Date.parse(now) - Date.parse(at)) / 1_000));
    const times = count === 1 ? '' : `, ${count} times`;
    return [
      {
        code: told.code,
        level: 'problem',
        says: `${told.says} ${age} ago (seen by ${pod}${times}): ${what}. ${untilGone}`,
        todo: told.todo,
      },
    ];
  });
}

const untilGone = 'This finding disappears 10 min after the last time.';

/** By kind. A newer pod may have others. */
const tellings: Readonly<Record<string, Pick<Finding, 'code' | 'says' | 'todo'>>> = {
  'store-lost-data': {
    code: 'store-lost-data',
    says: 'Redis lost its data or its latest writes',
    todo: 'Find out who flushed or restarted Redis. The sums exclude earlier spend and savings; if you need these, enable persistence.',
  },
  'state-not-kept': {
    code: 'state-not-kept',
    says: 'A state file could not be written',
    todo: 'ENOENT: create the directory of fleet_health.state_dir. ENOSPC: free disk space. Otherwise make it writable for that pod; its log names the file.',
  },
  'foreign-data': {
    code: 'foreign-data',
    says: "The fleet's keys contain data of targets in no pod's model list",
    todo: 'If no model list was replaced recently, find the client that writes these keys: give the pods their own Redis user, and revoke these rights from all others.',
  },
  'forged-messages': {
    code: 'forged-messages',
    says: "The fleet's channel carries messages that no pod sent",
    todo: 'Find the client that publishes there: give the pods their own Redis user, and revoke these rights from all others.',
  },
};
