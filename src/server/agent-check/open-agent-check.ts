import { createUpReader } from '../../admin/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import type { FleetReader, Logger } from '../../ports/index.ts';
import { listenForAgentChecks } from './agent-check.ts';
import type { AgentCheck } from './agent-check.ts';
import { agentLine } from './agent-line.ts';

export interface OpenAgentCheckInput {
  readonly host: string;
  readonly fleet: Pick<FleetReader, 'target'>;
  /** The running configuration. */
  readonly config: () => AllswellConfig;
  readonly logger: Logger;
}

/**
 * Listens on `fleet_health.agent_check_port`; undefined if none is set.
 *
 * @throws as {@link listenForAgentChecks}
 */
export async function openAgentCheck(input: OpenAgentCheckInput): Promise<AgentCheck | undefined> {
  const { host, fleet, config, logger } = input;
  const { agentCheckPort: port } = config();
  if (port === null) return undefined;
  let running = config();
  let reader = createUpReader({ fleet, config: running });
  const answer = (name: string): string => {
    const now = config();
    if (now !== running) reader = createUpReader({ fleet, config: now });
    running = now;
    return agentLine(reader, fleet, name);
  };
  const opened = await listenForAgentChecks({ host, port, answer });
  logger.info(`HAProxy agent checks are answered on ${host}:${port}`);
  return opened;
}
