/** Code that the runtime cannot parse. The service does not look, so such code is built, deployed, and breaks logins. */
import type { AnyNode } from 'acorn';
import type { Check, Checked, Finding, Fix } from './check.ts';
import { HANDLERS } from './handlerNames.ts';
import { placeholdersIn } from './placeholders.ts';
import { namesOf } from './syntaxTree.ts';

export const checkSyntax: Check = checked => {
  const { code, input } = checked;
  const { failure } = code;
  if (failure === undefined) {
    return [];
  }
  if (failure.kind === 'module') {
    return moduleSyntax(checked);
  }
  // Named as what it is by the check of placeholders.
  if (placeholdersIn(code).some(({ start, end }) => start <= failure.offset && failure.offset <= end)) {
    return [];
  }
  const range = code.mark(failure.offset, failure.offset + (/^[\p{ID_Continue}$]+|^[^\r\n]/u.exec(code.text.slice(failure.offset, failure.offset + 200))?.[0].length ?? 0));
  const rest = { severity: 'error', range, fixes: [] } as const;
  if (failure.kind === 'tooNew') {
    return [{ code: 'syntax-too-new', runtime: input.runtime ?? '', ...rest }];
  }
  return [looksLikeTypeScript(code.text, failure.offset) ? { code: 'syntax-typescript', ...rest } : { code: 'syntax', message: failure.message, ...rest }];
};

/** What only an ES module may say: each `import` and `export`, and `await` outside of functions. */
function moduleSyntax({ code }: Checked): readonly Finding[] {
  const { tree } = code;
  if (tree === undefined) {
    return [];
  }
  const found = (node: AnyNode, detail: { readonly code: 'syntax-module'; readonly statement: 'import' | 'export' } | { readonly code: 'syntax-await' }, length: number, fixes: readonly Fix[]): Finding =>
    ({ ...detail, severity: 'error', range: code.mark(node.start, node.start + length), fixes });
  const replace = (start: number, end: number, text: string): readonly Fix[] => [{ kind: 'replaceText', range: code.range(start, end), text }];
  const imported = { code: 'syntax-module', statement: 'import' } as const;
  const exported = { code: 'syntax-module', statement: 'export' } as const;
  return [
    ...tree.of('ImportDeclaration').map(({ node }) => {
      const source = code.text.slice(node.source.start, node.source.end);
      const [first] = node.specifiers;
      const named = node.specifiers.flatMap(one => (one.type !== 'ImportSpecifier' ? [] : [{ from: code.text.slice(one.imported.start, one.imported.end), to: one.local.name }]));
      const whole = first !== undefined && node.specifiers.length === 1 && first.type !== 'ImportSpecifier' ? first.local.name : undefined;
      const pattern = whole ?? (named.length > 0 && named.length === node.specifiers.length ? `{ ${named.map(({ from, to }) => (from === to ? to : `${from}: ${to}`)).join(', ')} }` : undefined);
      const text = first === undefined ? `require(${source});` : pattern === undefined ? undefined : `const ${pattern} = require(${source});`;
      return found(node, imported, 'import'.length, text === undefined ? [] : replace(node.start, node.end, text));
    }),
    ...tree.of('ExportNamedDeclaration').map(({ node }) => {
      const declared = node.declaration;
      if (declared?.type === 'FunctionDeclaration') {
        return found(node, exported, 'export'.length, replace(node.start, declared.start, `exports.${declared.id.name} = `));
      }
      const [variable, second] = declared?.type === 'VariableDeclaration' ? declared.declarations : [];
      const name = variable === undefined || second !== undefined ? undefined : namesOf(variable.id)[0];
      // Other names may be used in the code, where `exports.name` would be missing.
      const isHandler = name !== undefined && variable?.id.type === 'Identifier' && HANDLERS.some(one => one.required === name || one.optional.includes(name));
      return found(node, exported, 'export'.length, isHandler ? replace(node.start, variable.id.end, `exports.${name}`) : []);
    }),
    ...[...tree.of('ExportDefaultDeclaration'), ...tree.of('ExportAllDeclaration')].map(({ node }) => found(node, exported, 'export'.length, [])),
    ...tree.of('MetaProperty').filter(({ node }) => node.meta.name === 'import').map(({ node }) => found(node, imported, 'import.meta'.length, [])),
    ...[...tree.of('AwaitExpression'), ...tree.of('ForOfStatement').filter(({ node }) => node.await)].filter(place => place.within === undefined).map(({ node }) =>
      found(node, { code: 'syntax-await' }, node.type === 'AwaitExpression' ? 'await'.length : 'for'.length, [])),
  ];
}

/** At the place where the parser gave up: a type after a colon, or a declaration that only TypeScript has. */
function looksLikeTypeScript(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - 200), offset);
  const after = text.slice(offset, offset + 200);
  if (/^\??:\s*[\p{ID_Start}{[('"]/u.test(after)) {
    // `name: Type` in parameters and declarations; in a call or an object, a colon is a slip of another kind.
    return /(?:\b(?:const|let|var)\s+[\w$]+\s*|[(,]\s*(?:\.\.\.)?[\w$]+\??\s*|\)\s*)$/u.test(before) && /^\??:\s*(?:[A-Z]|(?:string|number|boolean|any|unknown|void|never|object|null|undefined)\b|[{[(])/u.test(after);
  }
  return (/\b(?:interface|type|enum|namespace|declare|abstract)\s+$/u.test(before) && /^[\p{ID_Start}$]/u.test(after))
    || (/^as\s+(?:const\b|[\p{ID_Start}{[])/u.test(after) && /[\w$)\]}'"`]\s+$/u.test(before))
    || (/^(?:interface|enum)\s+[\p{ID_Start}$]/u.test(after));
}

