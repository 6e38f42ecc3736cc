import { addNote, describe } from '../problems/index.ts';
import { countOf, entryOf, type Node, type ScalarNode } from '../yaml/index.ts';
import type { Sharer } from '../models/index.ts';

/**
 * True if LiteLLM's types refuse an entry: LiteLLM logs an error and goes on with the others. So does a bridge: results
 * under an id that no LiteLLM pod has would be paid for and never used.
 */
export function isDropped({ params, infoNode, path, findings }: Sharer['entry']): boolean {
  const refused = [
    ...refusedIn(params, { path: [...path, 'litellm_params'], rules: paramRules }),
    ...refusedIn(infoNode, { path: [...path, 'model_info'], rules: infoRules }),
  ];
  for (const one of refused) addNote(findings, 'warn', one);
  return refused.length > 0;
}

type Rules = Readonly<Record<string, (value: ScalarNode) => boolean>>;

const paramRules: Rules = {
  ...rulesOf(
    `model api_key api_base api_version organization custom_llm_provider litellm_credential_name region_name
    azure_ad_token tenant_id client_id client_secret azure_username azure_password vertex_project vertex_location
    aws_access_key_id aws_secret_access_key aws_session_token aws_region_name aws_session_name aws_profile_name
    aws_role_name aws_web_identity_token aws_sts_endpoint aws_bedrock_runtime_endpoint watsonx_region_name`,
    isText,
  ),
  ...rulesOf('rpm tpm itpm otpm', isCount),
};
const infoRules: Rules = { id: isId, base_model: isText };

function rulesOf(keys: string, rule: Rules[string]): Rules {
  return Object.fromEntries(keys.split(/\s+/).map((key) => [key, rule]));
}

function refusedIn(
  block: Node | undefined,
  { path, rules }: { path: Sharer['entry']['path']; rules: Rules },
): readonly Parameters<typeof addNote>[2][] {
  return Object.entries(rules).flatMap(([key, allows]) => {
    const value = entryOf(block, key)?.value;
    // The schema refuses values that are neither text nor number.
    if (value?.kind !== 'scalar' || value.value === null || allows(value)) return [];
    const is = `is ${kindOf(value)}, which LiteLLM refuses: LiteLLM and the bridge leave the deployment out`;
    return [
      {
        location: value.location,
        path: [...path, key],
        is: allows === isCount ? is : `${is}. Put the value in quotes`,
      },
    ];
  });
}

function isText({ value, exact }: ScalarNode): boolean {
  return typeof value === 'string' && exact === undefined;
}

/** LiteLLM converts a whole number to text. */
function isId(node: ScalarNode): boolean {
  return isText(node) || node.exact?.kind === 'int';
}

function isCount(value: ScalarNode): boolean {
  return countOf(value) !== undefined;
}

function kindOf(value: ScalarNode): string {
  return value.exact?.kind === 'date' ? 'a date' : describe(value);
}
