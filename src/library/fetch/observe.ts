import type { AttemptOutcome } from '../../routing/index.ts';
import { advise } from '../advise.ts';
import type { LibraryCore } from '../core.ts';
import type { LibraryDeployment } from '../deployments.ts';
import { isBelow } from './address.ts';
import { outcomeOfError, outcomeOfRefusal, outcomeOfStatus } from './outcome.ts';
import type { Times } from './outcome.ts';
import type { CallerRequest } from './request.ts';

/** A caller's request for a group. */
export interface ObservedRequest {
  readonly group: string;
  readonly members: readonly LibraryDeployment[];
  readonly request: CallerRequest;
}

/**
 * Sends the caller's request as it is, reports its result, and emits which upstream would have been used. It does not read the
 * body of the answer, so an error is known by its status alone.
 */
export async function observe(core: LibraryCore, observed: ObservedRequest): Promise<Response> {
  const { request } = observed;
  const used = observed.members.find(({ upstream }) => isBelow(request.url, upstream.baseUrl));
  advise(core, observed.group, used);
  const startedMs = core.clock.monotonicMs();
  const took = (): number => core.clock.monotonicMs() - startedMs;
  try {
    const response = await core.fetch(request.url, request.init);
    if (used !== undefined) {
      core.givenUp.answered(used.key);
      core.router.report(used.key, outcomeOf(used, response, { durationMs: took(), wallMs: core.clock.wallMs() }));
    }
    return response;
  } catch (error) {
    if (used !== undefined && request.signal?.aborted === true) {
      core.givenUp.aborted(used.key, used.id, took());
    } else if (used !== undefined) {
      core.givenUp.answered(used.key);
      core.router.report(used.key, outcomeOfError(error, took()));
    }
    throw error;
  }
}

function outcomeOf({ upstream }: LibraryDeployment, response: Response, times: Times): AttemptOutcome {
  const isRefusal = upstream.kind === 'llm' && response.status >= 400;
  return isRefusal ? outcomeOfRefusal(response, '', times) : outcomeOfStatus(response, times);
}
