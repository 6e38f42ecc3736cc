import type { LitellmAnswer } from './ask-litellm.ts';
import { failed, passed } from './check.ts';
import type { Check } from './check.ts';
import { readReport } from './litellm-pages.ts';
import { pageIn } from './pod-checks.ts';

/**
 * Whether a server is LiteLLM and takes the key, by its `/debug/report`, or by `/health/readiness/details` where it has no
 * report. If it fails, nothing else can be asked.
 */
export function checkLitellm(report: LitellmAnswer, details: LitellmAnswer | null): Check {
  const page = pageIn(report, readReport) ?? (details === null ? undefined : pageIn(details, readReport));
  if (page?.version.startsWith('allswell') === true) {
    return failed('litellm', 'an allswell pod answers here, not LiteLLM', 'name the URL of a LiteLLM pod');
  }
  if (page !== undefined) return passed('litellm', `LiteLLM ${page.version.slice(0, LONGEST_VERSION)} accepts the key`);
  const decisive = details ?? report;
  switch (decisive.kind) {
    case 'unreachable':
      return failed(
        'litellm',
        `no server answers: ${decisive.why}`,
        'check the URL, and the network from here to the pod',
      );
    case 'declined':
      return declined(decisive.status, decisive.type);
    default:
      return failed('litellm', notLitellm, 'name the URL of a LiteLLM pod, with its root path if it has one');
  }
}

const LONGEST_VERSION = 40;
const notLitellm = 'the server that answers is not LiteLLM';

/** LiteLLM without a database answers a wrong key with 400. */
function declined(status: number, type: string | null): Check {
  if (status === 401 || (status === 400 && type === 'no_db_connection')) {
    return failed(
      'litellm',
      'the pod refuses the key',
      "give LiteLLM's master key by --key-file or LITELLM_MASTER_KEY",
    );
  }
  if (status === 403) {
    return failed(
      'litellm',
      'the pod demands a key of an admin',
      "give LiteLLM's master key by --key-file or LITELLM_MASTER_KEY",
    );
  }
  if (status === 404) {
    return failed('litellm', notLitellm, 'name the URL of a LiteLLM pod, with its root path if it has one');
  }
  return failed('litellm', `the server answers with status ${status}`, 'look at the log of the pod');
}
