/** Secrets that the code reads and the action does not have, and the other way round. Hints only: others may add secrets at any time. */
import type { AnyNode } from 'acorn';
import type { Check, Checked, Finding } from './check.ts';
import { FIRST_LINE } from './check.ts';
import { exportsOf } from './exported.ts';
import { isFunction, propertyName } from './syntaxTree.ts';

interface Use {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export const checkUndefinedSecrets: Check = ({ input, code }) => {
  const { secrets } = input;
  if (secrets === undefined) {
    return [];
  }
  const seen = new Set<string>();
  return usesOf(code).uses.flatMap(({ name, start, end }): Finding[] => {
    if (seen.has(name) || secrets.includes(name)) {
      return [];
    }
    seen.add(name);
    return [{ code: 'secret-undefined', name, severity: 'hint', range: code.mark(start, end), fixes: [{ kind: 'addSecret', name }] }];
  });
};

export const checkUnusedSecrets: Check = ({ input, code }) => {
  const { secrets } = input;
  if (secrets === undefined || secrets.length === 0 || code.tree === undefined || usesOf(code).handedOn) {
    return [];
  }
  return secrets.filter(name => !code.text.includes(name)).map(name => ({ code: 'secret-unused', name, severity: 'hint', range: FIRST_LINE, fixes: [] }));
};

/** A name without its quotes. */
function wordOf(node: AnyNode): { start: number; end: number } {
  const quotes = node.type === 'Identifier' ? 0 : 1;
  return { start: node.start + quotes, end: node.end - quotes };
}

/** Where secrets are read by name, and whether they are handed to something that may read others. */
function usesOf(code: Checked['code']): { readonly uses: readonly Use[]; readonly handedOn: boolean } {
  const { tree } = code;
  if (tree === undefined) {
    return { uses: [], handedOn: true };
  }
  const events = new Set(['event']);
  for (const { value } of exportsOf(code).all) {
    const [first] = isFunction(value) ? value.params : [];
    if (first?.type === 'Identifier') {
      events.add(first.name);
    }
  }
  const uses: Use[] = [];
  let handedOn = false;
  const read = (node: AnyNode | undefined, key: string): void => {
    if (node?.type === 'MemberExpression' && key === 'object') {
      const name = propertyName(node);
      if (name === undefined) {
        handedOn = true;
      } else {
        uses.push({ name, ...wordOf(node.property) });
      }
    } else if (node?.type === 'VariableDeclarator' && key === 'init' && node.id.type === 'ObjectPattern') {
      for (const property of node.id.properties) {
        const name = property.type === 'Property' ? propertyName(property) : undefined;
        if (name === undefined || property.type !== 'Property') {
          handedOn = true;
        } else {
          // One with a default may well be missing.
          uses.push(...(property.value.type === 'AssignmentPattern' ? [] : [{ name, ...wordOf(property.key) }]));
        }
      }
    } else if (node?.type !== 'ExpressionStatement') {
      handedOn = true;
    }
  };
  for (const { node, parent, key } of tree.of('MemberExpression')) {
    if (propertyName(node) === 'secrets' && node.object.type === 'Identifier' && events.has(node.object.name)) {
      // An optional chain stands around what it is a part of.
      const holder = parent?.node.type === 'ChainExpression' ? parent : undefined;
      read(holder?.parent?.node ?? parent?.node, holder?.key ?? key);
    }
  }
  for (const { node, parent, key } of tree.of('Identifier')) {
    // The whole event in the hands of something else, but for the log.
    if (events.has(node.name) && parent?.node.type === 'CallExpression' && key === 'arguments') {
      const { callee } = parent.node;
      const isOwn = callee.type === 'Identifier' && tree.declarations(callee.name).some(place => isFunction(place.node) || (place.node.type === 'VariableDeclarator' && isFunction(place.node.init)));
      const isLog = callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'console';
      handedOn ||= !isOwn && !isLog;
    }
  }
  return { uses, handedOn };
}
