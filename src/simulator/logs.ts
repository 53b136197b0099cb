/** The tenant's log: reading it, and the small part of its query language that people use. */
import { invalidQuery } from './errors.ts';
import type { LogEntry } from './model.ts';

type Test = (entry: LogEntry) => boolean;

/** Entries that `q` selects, the newest first unless `sort` says otherwise. */
export function selectLogs(logs: readonly LogEntry[], query: URLSearchParams): readonly LogEntry[] {
  const q = query.get('q') ?? '';
  const found = q.trim() === '' ? [...logs] : logs.filter(parseQuery(q));
  const [, field = 'date', direction = '-1'] = /^(\w+):(-?1)$/u.exec(query.get('sort') ?? 'date:-1') ?? raiseSort(query.get('sort'));
  const key = (entry: LogEntry): string => textAt(entry, field);
  return found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * Number(direction));
}

function raiseSort(sort: string | null): never {
  throw invalidQuery(`String does not match pattern: ^((([a-zA-Z0-9_\\.]+))\\:(1|-1))$' on property sort: ${sort ?? ''}.`);
}

/** `field:value`, `field:"a phrase"`, `field:[a TO b]`, `field:(a OR b)`, bare words; AND, OR, NOT and `-`. AND binds tighter. */
export function parseQuery(text: string): Test {
  const tokens = text.match(/\(|\)|-?[\w.]+:(?:"[^"]*"|[[{][^\]}]*[\]}]|\([^)]*\)|[^\s()]+)|"[^"]*"|[^\s()]+/gu) ?? [];
  let at = 0;
  const or = (): Test => {
    const parts = [and()];
    while (tokens[at] === 'OR') {
      at += 1;
      parts.push(and());
    }
    return entry => parts.some(part => part(entry));
  };
  const and = (): Test => {
    const parts = [not()];
    while (at < tokens.length && tokens[at] !== 'OR' && tokens[at] !== ')') {
      at += tokens[at] === 'AND' ? 1 : 0;
      parts.push(not());
    }
    return entry => parts.every(part => part(entry));
  };
  const not = (): Test => {
    const token = tokens[at] ?? '';
    at += 1;
    if (token === 'NOT') {
      const test = not();
      return entry => !test(entry);
    }
    if (token === '(') {
      const test = or();
      at += 1;
      return test;
    }
    return token.startsWith('-') && token.length > 1 ? negated(term(token.slice(1))) : term(token);
  };
  return or();
}

function negated(test: Test): Test {
  return entry => !test(entry);
}

function term(token: string): Test {
  const [, field, wanted = ''] = /^([\w.]+):(.*)$/su.exec(token) ?? [];
  if (field === undefined) {
    const word = unquoted(token).toLowerCase();
    return entry => JSON.stringify(entry).toLowerCase().includes(word);
  }
  if (wanted.startsWith('(')) {
    const tests = wanted.slice(1, -1).split(/\s+(?:OR\s+)?/u).filter(part => part !== '').map(part => term(`${field}:${part}`));
    return entry => tests.some(test => test(entry));
  }
  const range = /^[[{]\s*(\S+)\s+TO\s+(\S+?)\s*[\]}]$/u.exec(wanted);
  if (range !== null) {
    const [, from = '*', to = '*'] = range;
    return entry => {
      const value = textAt(entry, field);
      return (from === '*' || value >= from) && (to === '*' || value <= (to.length < value.length ? `${to}\uffff` : to));
    };
  }
  const plain = unquoted(wanted);
  const pattern = new RegExp(`^${plain.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/gu, '\\$&')).join('.*')}$`, 'isu');
  return entry => pattern.test(textAt(entry, field));
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

function textAt(entry: LogEntry, path: string): string {
  const value = valueAt(entry, path);
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

function valueAt(entry: LogEntry, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined), entry);
}
