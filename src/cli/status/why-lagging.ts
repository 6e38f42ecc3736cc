import type { FleetPage } from '../ask/index.ts';
import { isLongLag, lagText } from '../show/pod-lag.ts';
import { ageWords } from '../show/times.ts';
import type { Finding } from './finding.ts';

/** Shorter lags end by themselves, for example after a restart of Redis. */
const LASTS_S = 60;

/** Pods whose copy of the fleet's health has been 10 s or more behind Redis for a minute. */
export function whyLagging({ pods, now }: FleetPage): readonly Finding[] {
  return pods.flatMap(({ pod, lag }): readonly Finding[] => {
    if (lag === undefined || lag === null || !isLongLag(lag)) return [];
    const { at_least_seconds: seconds, since } = lag;
    const lastsS = Math.max(0, (Date.parse(now) - Date.parse(since)) / 1000);
    // A lag of a minute has lasted a minute.
    if (seconds < LASTS_S && lastsS < LASTS_S) return [];
    const says = `${pod} is behind Redis, ${lagText(lag)} for ${ageWords(lastsS)}: it may route by old verdicts.`;
    return [{ code: 'pod-lags', level: 'problem', says, todo: lookAtPod }];
  });
}

const lookAtPod =
  "Check this pod's CPU limit and its network to Redis, and allswell_store_errors_total and allswell_view_lag_seconds in its /metrics. A restart reads everything again.";
