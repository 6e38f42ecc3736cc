/** Replaces what has the form of a secret without being a known one: secrets of other pods, of upstreams and of users. */
export function blankSuspicious(text: string, blank: string): string {
  return suspicious.reduce((rest, pattern) => rest.replaceAll(pattern, blank), text);
}

const suspicious: readonly RegExp[] = [
  // Keys by their vendors' prefixes, masked ones too. Some models are called like the keys of their vendor, and shorter.
  /\b(?:sk|pk|rk)[-_][\w*.…-]{6,}/gi,
  /\b(?:gsk|xai|hf|pplx|nvapi)[-_](?=\w{20}|[\w.-]*(?:[*…]|\.{3}))[\w*.…-]{6,}/gi,
  /\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bAIza[\w-]{20,}|\beyJ[\w-]{10,}(?:\.[\w-]*)*/g,
  /(?<=\b(?:Bearer|Basic)\s+)[\w.~+/=-]{8,}/gi,
  /(?<=\b(?:authorization|x-api-key|api-key|api_key|apikey|password)["']?\s*[:=]\s*["']?)(?:(?:Bearer|Basic)\s+)?[^\s"',;&]+/gi,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
  /[\w-]{0,64}\*{4,}[\w-]{0,64}/g,
];
