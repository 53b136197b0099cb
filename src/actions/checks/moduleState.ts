/** What runs of an action change outside of their handler: from node22 on it is still there in the next run, for another person. */
import type { AnyNode } from 'acorn';
import type { Check, Finding } from './check.ts';
import { nodeVersion } from './code.ts';
import { propertyName } from './syntaxTree.ts';
import type { Place } from './syntaxTree.ts';

/** The first runtime that keeps a module from run to run. */
const KEEPS_MODULES = 22;
/** Code that tools have put together changes dozens, which nobody would read. */
const MOST = 10;
const CHANGING: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'sort', 'reverse', 'fill', 'set', 'add', 'delete', 'clear']);

export const checkModuleState: Check = ({ input, code }) => {
  const { tree } = code;
  if (tree === undefined || (nodeVersion(input.runtime) ?? 0) < KEEPS_MODULES) {
    return [];
  }
  const changed = new Set<string>();
  for (const place of [...tree.of('AssignmentExpression'), ...tree.of('UpdateExpression'), ...tree.of('UnaryExpression')]) {
    const { node } = place;
    if (runsOften(place) && !(node.type === 'UnaryExpression' && node.operator !== 'delete')) {
      changed.add(nameOf(node.type === 'AssignmentExpression' ? node.left : node.argument) ?? '');
    }
  }
  for (const place of tree.of('CallExpression')) {
    const { callee } = place.node;
    if (callee.type === 'MemberExpression' && CHANGING.has(propertyName(callee) ?? '') && runsOften(place)) {
      changed.add(nameOf(callee.object) ?? '');
    }
  }
  return tree.of('VariableDeclarator').flatMap(({ node, parent, within }): Finding[] => {
    if (within !== undefined || node.id.type !== 'Identifier' || !changed.has(node.id.name) || parent?.node.type !== 'VariableDeclaration') {
      return [];
    }
    const { name, start, end } = node.id;
    // The same name elsewhere may be what is changed; what came from a package is the package's.
    const isOwn = tree.declarations(name).length === 1 && (parent.node.kind !== 'const' || HOLDERS.has(node.init?.type ?? ''));
    return isOwn ? [{ code: 'module-state', name, severity: 'hint', range: code.mark(start, end), fixes: [] }] : [];
  }).slice(0, MOST);
};

/** What a constant can hold that changes. */
const HOLDERS: ReadonlySet<string> = new Set(['ObjectExpression', 'ArrayExpression', 'NewExpression']);

/** Inside a function that is not called on the spot. */
function runsOften({ within }: Place): boolean {
  for (let around = within; around !== undefined; around = around.within) {
    const isCalledHere = around.parent?.node.type === 'CallExpression' && around.key === 'callee';
    if (!isCalledHere) {
      return true;
    }
  }
  return false;
}

/** The variable at the beginning of `a.b[c]`. */
function nameOf(target: AnyNode): string | undefined {
  let node = target;
  while (node.type === 'MemberExpression' || node.type === 'ChainExpression') {
    node = node.type === 'MemberExpression' ? node.object : node.expression;
  }
  return node.type === 'Identifier' ? node.name : undefined;
}
