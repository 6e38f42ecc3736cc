/** Whether a field or a header of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return /key|token|secret|passw|credential|auth|cookie|signature|header/i.test(name) && !/^max_|_tokens$/i.test(name);
}
