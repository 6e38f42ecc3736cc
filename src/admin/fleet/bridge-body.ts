import type { BridgeBody } from '../../api/index.ts';
import type { BridgeView } from '../../ports/index.ts';
import { isoOf, isoOrNull, rounded } from '../times.ts';

/** The bridge to LiteLLM, as `/fleet` shows it. */
export function bridgeBody(view: BridgeView): Omit<BridgeBody, 'cooldowns'> {
  return {
    state: view.state,
    why: view.why,
    waiting_for: view.waitingFor,
    holder: view.holder,
    results_key: view.resultsKey,
    published_at: isoOrNull(view.publishedAt),
    expires_at: isoOrNull(view.expiresAt),
    healthy_count: view.healthy,
    unhealthy_count: view.unhealthy,
    publications: view.publications,
    displaced: view.displaced,
    litellm_results_at: isoOrNull(view.litellmResultsAt),
    other_models: view.otherModels && {
      unwatched: view.otherModels.unwatched,
      unwatched_count: view.otherModels.unwatchedCount,
      foreign: view.otherModels.foreign,
      foreign_count: view.otherModels.foreignCount,
      seen_at: isoOf(view.otherModels.seenAt),
    },
    unnamespaced_key: view.unnamespacedKey,
    litellm_pods: view.litellmPods,
    litellm_signs: {
      results: isoOrNull(view.litellmSigns.results),
      read: isoOrNull(view.litellmSigns.read),
      cooldown: isoOrNull(view.litellmSigns.cooldown),
      events: isoOrNull(view.litellmSigns.events),
    },
    reads_visible: view.readsVisible,
    publishing_since: isoOrNull(view.publishingSince),
    probes_avoided: rounded(view.probesAvoided, 10),
    usd_avoided: rounded(view.usdAvoided, 1_000_000),
  };
}
