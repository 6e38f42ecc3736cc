import { azureCall } from './azure.ts';
import { bedrockCall } from './bedrock.ts';
import type { CloudCall, CloudInput } from './cloud.ts';
import { vertexCall } from './vertex.ts';

export type { CloudCall } from './cloud.ts';

/** How a deployment of a cloud is called, beside what the table of vendors says; empty for other providers. */
export function cloudCallOf(provider: string, input: CloudInput): CloudCall {
  switch (provider) {
    case 'azure':
      return azureCall(input);
    case 'bedrock':
      return bedrockCall(input);
    case 'vertex_ai':
      return vertexCall(input);
    default:
      return {};
  }
}
