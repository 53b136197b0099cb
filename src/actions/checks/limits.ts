/** What the service takes at most. */
import type { Check } from './check.ts';
import { FIRST_LINE, LIMITS } from './check.ts';

export const checkLimits: Check = ({ input, code }) => {
  const { dependencies, secrets = [] } = input;
  const length = bytes(input.code);
  return [
    ...(length.total <= LIMITS.codeBytes ? [] : [{ code: 'code-too-long', count: length.total, limit: LIMITS.codeBytes, severity: 'error', range: code.mark(length.limitAt, length.limitAt + 1), fixes: [] } as const]),
    // The service has taken what is there, so its limit may be another one today.
    ...(dependencies.length <= LIMITS.dependencies ? [] : [{ code: 'too-many-dependencies', count: dependencies.length, limit: LIMITS.dependencies, severity: 'warning', range: FIRST_LINE, fixes: [] } as const]),
    ...(secrets.length <= LIMITS.secrets ? [] : [{ code: 'too-many-secrets', count: secrets.length, limit: LIMITS.secrets, severity: 'warning', range: FIRST_LINE, fixes: [] } as const]),
  ];
};

/** Length in UTF-8, and the offset at which it passes the limit. */
function bytes(text: string): { readonly total: number; readonly limitAt: number } {
  let total = 0;
  let limitAt = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const unit = text.charCodeAt(offset);
    // Two halves of a character of four bytes; one half alone is sent as a replacement of three.
    const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(offset + 1) & 0xfc00) === 0xdc00;
    total += unit < 0x80 ? 1 : unit < 0x800 ? 2 : isPair ? 4 : 3;
    limitAt = total <= LIMITS.codeBytes ? offset + 1 : limitAt;
    offset += isPair ? 1 : 0;
  }
  return { total, limitAt };
}
