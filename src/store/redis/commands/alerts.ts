import type { AlertLead, AlertsWritten, LeadAlerts, StoreAnswer, WriteAlerts } from '../../../ports/index.ts';
import { isPodId, wholeCount, wholeStamp } from '../../format/index.ts';
import { stampOf, unexpected } from './reply.ts';
import type { ScriptRunner } from './runner.ts';

/** Takes, extends or, with a `ttlMs` of 0, gives back the lease of alerts. */
export function leadAlerts(
  runner: ScriptRunner,
  { pod, ttlMs, notAfter, known, report }: LeadAlerts,
): Promise<StoreAnswer<AlertLead>> {
  const times = [String(wholeStamp(notAfter)), pod, String(wholeCount(ttlMs)), String(wholeStamp(known))];
  const args = [...times, report?.view ?? '', report?.text ?? ''];
  return runner.run('lead-alerts', args, ([holder = '', until, version, isOther, text, ...reports]) => {
    if (holder !== '' && !isPodId(holder)) throw unexpected();
    return {
      pod: holder === '' ? null : holder,
      until: stampOf(until),
      version: stampOf(version),
      text: isOther === '1' ? (text ?? null) : null,
      reports,
    };
  });
}

export function writeAlerts(
  runner: ScriptRunner,
  { pod, notAfter, expects, above, text }: WriteAlerts,
): Promise<StoreAnswer<AlertsWritten>> {
  const args = [String(wholeStamp(notAfter)), pod, ...[expects, above].map((one) => String(wholeStamp(one))), text];
  return runner.run('write-alerts', args, ([kind, version]) =>
    kind === 'written' ? { kind, version: stampOf(version) } : { kind: 'refused' },
  );
}
