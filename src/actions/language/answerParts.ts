/** Small parts of answers: what a member's type, its marks and its literals look like. */
import type { Suggestion } from './answerShapes.ts';
import { definition, namesIn, parts } from './facts.ts';
import type { Value } from './facts.ts';
import type { Token } from './tokens.ts';
import { shown, signatureText } from './types.ts';
import type { Member, Signature, Type } from './types.ts';

/** The type of a member, for a method without its name: `(reason: string): void`. */
export function typeText(member: Member): string {
  const [signature] = member.type.kind === 'function' ? member.type.signatures : [];
  return signature === undefined ? shown(member.type) : signatureText('', signature);
}

/** What is to be known before a member is used, in the handler whose value it is a member of. */
export function marks(member: Member, of: Value): Pick<Suggestion, 'deprecated' | 'elsewhere'> {
  const elsewhere = of.handler !== undefined && member.onlyIn !== undefined && member.onlyIn !== of.handler ? member.onlyIn : undefined;
  return { deprecated: member.deprecated, ...(elsewhere === undefined ? {} : { elsewhere }) };
}

/** The texts that a type allows, each once; none where it allows any. */
export function literals(type: Type): readonly Extract<Type, { kind: 'literal' }>[] {
  return [...new Map(parts(type).flatMap(part => part.kind === 'literal' ? [[part.value, part] as const] : [])).values()];
}

/** The types that a signature mentions. */
export function typesIn(signature: Signature): readonly Type[] {
  return [...signature.params.map(param => param.type), signature.returns];
}

/** How the named types in these are made up, each once. */
export function definitionsIn(types: readonly Type[]): readonly string[] {
  return [...new Set(types.flatMap(namesIn).flatMap(type => {
    const text = definition(type);
    return text === undefined ? [] : [`${type.text} = ${text}`];
  }))];
}

/**
 * Names of parameters whose type the script declares itself: VS Code's own support knows their members. Where there are
 * other files beside it, that is true of a type that is imported from one of these, too. What is read of a line is
 * bounded, so that many types on one line do not cost the square of it.
 */
export function ownParameters(comments: readonly string[], besideFiles: boolean): ReadonlySet<string> {
  const text = comments.filter(comment => comment.startsWith('/**')).join('\n');
  const isOwn = (type: string): boolean => !/^\s*import\b/u.test(type) || (besideFiles && /^\s*import\(\s*['"]\./u.test(type));
  const types = new Set([...text.matchAll(/@typedef\s+\{(?<type>[^\n]{0,1000})\}\s+(?<name>[\w$]+)/gu)].flatMap(({ groups }) => isOwn(groups?.['type'] ?? '') ? [groups?.['name']] : []));
  if (besideFiles) {
    [...text.matchAll(/@import\s+\{(?<names>[^}\n]{0,1000})\}\s+from\s+['"]\./gu)].flatMap(({ groups }) => groups?.['names']?.split(',') ?? []).forEach(name => types.add(name.split(' as ').at(-1)?.trim()));
  }
  return new Set([...text.matchAll(/@param\s+\{(?<type>[\w$]+|import\([^}\n]{0,1000})\}\s+(?<name>[\w$]+)/gu)].flatMap(({ groups }) => {
    const type = groups?.['type'] ?? '';
    return types.has(type) || (type.startsWith('import(') && isOwn(type)) ? [groups?.['name'] ?? ''] : [];
  }));
}

/** A string that its line or the text ends. */
export function isOpen({ text }: Token): boolean {
  return text.length < 2 || text.at(-1) !== text[0];
}

/** A text as a literal with this quote, on one line. */
export function quoted(text: string, quote: string): string {
  return `${quote}${text.replace(/[\\'"`]/gu, sign => sign === '\\' || sign === quote ? `\\${sign}` : sign).replace(/[\r\n]/gu, ' ')}${quote}`;
}
