/** What code exports, the CommonJS way. */
import type { AnyNode, Expression } from 'acorn';
import type { Code } from './code.ts';
import { isFunction, propertyName } from './syntaxTree.ts';
import type { Place, SyntaxTree } from './syntaxTree.ts';

export interface Export {
  readonly name: string;
  /** Offsets of the name as it is written, without quotes. */
  readonly start: number;
  readonly end: number;
  /** The exported value, followed through one constant or function of the code; absent where that is not clear. */
  readonly value?: AnyNode;
  /** Where the value's own text begins, its name in a method included. */
  readonly valueStart?: number;
  /** `{ name }`, which names the value as well. */
  readonly shorthand: boolean;
}

export interface Exports {
  readonly all: readonly Export[];
  /** False where more may be exported than can be seen: copied, computed, by a function. */
  readonly complete: boolean;
}

/** Reads the exports; those of an ES module, or of code that could not be parsed, are not complete. */
export function exportsOf({ tree, failure }: Code): Exports {
  if (tree === undefined || failure !== undefined || ['exports', 'module'].some(name => tree.declarations(name).length > 0)) {
    return { all: [], complete: false };
  }
  const all: Export[] = [];
  let complete = true;
  for (const place of tree.of('Identifier')) {
    const target = exportsObject(place);
    if (target === undefined) {
      continue;
    }
    const { parent, key } = target;
    const use = parent?.node;
    if (use?.type === 'MemberExpression' && key === 'object') {
      const name = propertyName(use);
      const assigned = parent?.parent?.node;
      if (assigned?.type === 'AssignmentExpression' && parent?.key === 'left') {
        if (name === undefined) {
          complete = false;
        } else {
          const value = assignedValue(assigned.right);
          all.push({ name, ...nameSpan(use.property), ...resolved(tree, value, value.start), shorthand: false });
        }
      } else if (name === undefined) {
        complete = false;
      }
    } else if (use?.type === 'AssignmentExpression' && key === 'left') {
      complete = readValue(tree, assignedValue(use.right), all) && complete;
    } else if (use?.type === 'AssignmentExpression' && key === 'right' && parent !== undefined && isExportsTarget(use.left)) {
      // `exports = module.exports`, which changes nothing.
    } else if (!isEsModuleMark(use)) {
      complete = false;
    }
  }
  // `this` is the same object at the top level.
  const byThis = tree.of('ThisExpression').some(({ within, parent }) => within === undefined && parent?.node.type === 'MemberExpression');
  return { all, complete: complete && !byThis };
}

/** The place of `exports` or `module.exports`; `undefined` for any other name. */
function exportsObject(place: Place & { readonly node: { readonly type: 'Identifier'; readonly name: string } }): Place | undefined {
  const { parent, key, node } = place;
  const isName = (parent?.node.type === 'MemberExpression' && key === 'property' && !parent.node.computed) || (parent?.node.type === 'Property' && key === 'key' && !parent.node.computed && !parent.node.shorthand)
    || ((parent?.node.type === 'MethodDefinition' || parent?.node.type === 'PropertyDefinition') && key === 'key');
  if (isName) {
    return undefined;
  }
  if (node.name === 'exports') {
    return place;
  }
  if (node.name !== 'module') {
    return undefined;
  }
  // A use of `module` alone may be anything: it stands for its exports then.
  return parent?.node.type === 'MemberExpression' && key === 'object' ? (propertyName(parent.node) === 'exports' ? parent : propertyName(parent.node) === undefined ? place : undefined) : place;
}

/** Reads an object that becomes the exports; false where it holds more than can be seen. */
function readValue(tree: SyntaxTree, value: Expression, all: Export[]): boolean {
  if (isFunction(value)) {
    return true;
  }
  if (value.type !== 'ObjectExpression') {
    return isExportsTarget(value);
  }
  let complete = true;
  for (const property of value.properties) {
    const name = property.type === 'Property' ? propertyName(property) : undefined;
    if (property.type !== 'Property' || name === undefined) {
      complete = false;
    } else {
      all.push({ name, ...nameSpan(property.key), ...(property.kind === 'init' ? resolved(tree, property.value, property.method ? property.start : property.value.start) : {}), shorthand: property.shorthand });
    }
  }
  return complete;
}

/** The last value of `a = b = value`. */
function assignedValue(right: Expression): Expression {
  let value = right;
  while (value.type === 'AssignmentExpression' && value.operator === '=') {
    value = value.right;
  }
  return value;
}

function isExportsTarget(node: AnyNode): boolean {
  return (node.type === 'Identifier' && node.name === 'exports') || (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.object.name === 'module' && propertyName(node) === 'exports');
}

/** `Object.defineProperty(exports, '__esModule', …)`, which compilers write. */
function isEsModuleMark(use: AnyNode | undefined): boolean {
  const name = use?.type === 'CallExpression' ? use.arguments[1] : undefined;
  return name?.type === 'Literal' && name.value === '__esModule';
}

function nameSpan(node: AnyNode): { start: number; end: number } {
  const quoted = node.type === 'Literal' ? 1 : 0;
  return { start: node.start + quoted, end: node.end - quoted };
}

/** A value, or what a name in its place stands for where that is certain. */
function resolved(tree: SyntaxTree, value: AnyNode, valueStart: number): Pick<Export, 'value' | 'valueStart'> {
  if (value.type !== 'Identifier') {
    return { value, valueStart };
  }
  const [declared, second] = tree.declarations(value.name);
  if (declared === undefined || second !== undefined) {
    return {};
  }
  const { node, parent } = declared;
  if (node.type === 'FunctionDeclaration' && node.id?.name === value.name) {
    return { value: node, valueStart: node.start };
  }
  const isConstant = node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && parent?.node.type === 'VariableDeclaration' && parent.node.kind === 'const';
  return isConstant && node.init !== null && node.init !== undefined && node.init.type !== 'Identifier' ? { value: node.init, valueStart: node.init.start } : {};
}
