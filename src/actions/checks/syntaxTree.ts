/** Walking a syntax tree without recursion: code may nest deeper than the stack. */
import type { AnyNode, Node, Pattern } from 'acorn';

/** A node where it stands. */
export interface Place<T extends AnyNode = AnyNode> {
  readonly node: T;
  readonly parent: Place | undefined;
  /** The property of the parent that holds it. */
  readonly key: string;
  /** The nearest function around it. */
  readonly within: Place | undefined;
  /** True inside the block of a `try`, where a failure is expected. */
  readonly tried: boolean;
}

type OfType<T extends AnyNode['type']> = Extract<AnyNode, { type: T }>;

const FUNCTIONS: ReadonlySet<string> = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** All nodes of a program, by type, in the order of the code. */
export class SyntaxTree {
  readonly #byType = new Map<string, Place[]>();
  readonly #bindings = new Map<string, Place[]>();

  constructor(root: AnyNode) {
    const stack: Place[] = [{ node: root, parent: undefined, key: '', within: undefined, tried: false }];
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      const { node } = place;
      const known = this.#byType.get(node.type);
      if (known === undefined) {
        this.#byType.set(node.type, [place]);
      } else {
        known.push(place);
      }
      this.#bind(place);
      const within = FUNCTIONS.has(node.type) ? place : place.within;
      const first = stack.length;
      for (const key in node) {
        const value: unknown = (node as unknown as Record<string, unknown>)[key];
        const tried = place.tried || (node.type === 'TryStatement' && key === 'block' && node.handler !== null);
        if (Array.isArray(value)) {
          for (const item of value) {
            if (isNode(item)) {
              stack.push({ node: item, parent: place, key, within, tried });
            }
          }
        } else if (isNode(value)) {
          stack.push({ node: value, parent: place, key, within, tried });
        }
      }
      // The last one pushed comes first.
      reverse(stack, first);
    }
  }

  of<T extends AnyNode['type']>(type: T): readonly Place<OfType<T>>[] {
    return (this.#byType.get(type) ?? []) as unknown as readonly Place<OfType<T>>[];
  }

  /** Where a name is declared: by a variable, function, class, parameter or import, anywhere in the code. */
  declarations(name: string): readonly Place[] {
    return this.#bindings.get(name) ?? [];
  }

  #bind(place: Place): void {
    for (const name of boundNames(place.node)) {
      const known = this.#bindings.get(name);
      if (known === undefined) {
        this.#bindings.set(name, [place]);
      } else {
        known.push(place);
      }
    }
  }
}

/** The names that a node declares by itself. */
function boundNames(node: AnyNode): readonly string[] {
  switch (node.type) {
    case 'VariableDeclarator': return namesOf(node.id);
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': return [...(node.id ? [node.id.name] : []), ...node.params.flatMap(namesOf)];
    case 'ClassDeclaration':
    case 'ClassExpression': return node.id ? [node.id.name] : [];
    case 'CatchClause': return node.param ? namesOf(node.param) : [];
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier': return [node.local.name];
    default: return [];
  }
}

/** The names that a pattern binds. */
export function namesOf(pattern: Pattern): readonly string[] {
  const names: string[] = [];
  const stack: (Pattern | null)[] = [pattern];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    switch (next?.type) {
      case 'Identifier': names.push(next.name); break;
      case 'ObjectPattern': stack.push(...next.properties.map(property => (property.type === 'RestElement' ? property.argument : property.value))); break;
      case 'ArrayPattern': stack.push(...next.elements); break;
      case 'RestElement': stack.push(next.argument); break;
      case 'AssignmentPattern': stack.push(next.left); break;
      default:
    }
  }
  return names;
}

/** The text of a string, or of a template without values. */
export function textOf(node: Node | null | undefined): string | undefined {
  const known = node as AnyNode | null | undefined;
  if (known?.type === 'Literal') {
    return typeof known.value === 'string' ? known.value : undefined;
  }
  return known?.type === 'TemplateLiteral' && known.expressions.length === 0 ? known.quasis[0]?.value.cooked ?? undefined : undefined;
}

/** The name of a property where the code states it; `undefined` for a computed one. */
export function propertyName(node: { readonly computed?: boolean; readonly key?: Node; readonly property?: Node }): string | undefined {
  const key = (node.key ?? node.property) as AnyNode | undefined;
  return key?.type === 'Identifier' && node.computed !== true ? key.name : textOf(key);
}

export function isFunction(node: AnyNode | null | undefined): node is OfType<'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'> {
  return node !== null && node !== undefined && FUNCTIONS.has(node.type);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string' && typeof (value as { start?: unknown }).start === 'number';
}

function reverse(items: unknown[], from: number): void {
  for (let low = from, high = items.length - 1; low < high; low += 1, high -= 1) {
    [items[low], items[high]] = [items[high], items[low]];
  }
}
