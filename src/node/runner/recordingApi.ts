/** The `api` that a handler is given: every call is recorded with what is wrong with it, and answered so that the code can go on. */
import { LocalCache } from '../../actions/runs/localCache.ts';
import { callProblem } from '../../actions/runs/localCalls.ts';
import type { MethodTable } from '../../actions/runs/localCalls.ts';
import { MOST_CALLS } from '../../actions/runs/localReport.ts';
import type { Send } from './channel.ts';
import type { Counts } from './consoleRecorder.ts';
import { plain } from './plainValues.ts';
import { encodeToken, validateToken } from './sessionTokens.ts';

/** What is remembered over the handlers of one run. */
export interface Recording {
  readonly send: Send;
  readonly counts: Counts;
  /** Of the code, to find the line of a call. */
  readonly path: string;
  redirected: boolean;
  /** Denied, or ended by a validation error: then nobody is redirected. */
  refused: boolean;
  cache?: LocalCache;
  /** Records the call of a method that does not exist, where an error came of one. */
  unknown?: (error: unknown) => void;
}

type Holder = Record<string, unknown>;

const now = Date.now.bind(Date);

/**
 * @param methods Nothing where nobody has published them: then every method exists.
 * @param vendor The `api` of the project's own test support, which checks arguments as well.
 */
export function recordingApi(methods: MethodTable | undefined, handler: string, event: Holder, recording: Recording, vendor: Holder | undefined): unknown {
  const { send, counts } = recording;
  const cache = recording.cache ??= new LocalCache(now, limit => send({ t: 'limit', limit }));
  let missed = '';
  const record = (path: string, args: readonly unknown[], problem: ReturnType<typeof callProblem>): void => {
    counts.calls += 1;
    counts.told();
    if (counts.calls <= MOST_CALLS) {
      const line = lineOfCaller(recording.path);
      send({ t: 'call', call: { method: `api.${path}`, args: args.map(one => plain(one)), handler, ...(line === undefined ? {} : { line }), ...(problem === undefined ? {} : { problem }) } });
    }
  };
  recording.unknown = error => {
    const message = error instanceof TypeError ? error.message : '';
    const name = missed.split('.').at(-1) ?? '';
    if (missed !== '' && (message.includes(`.${name} is not a function`) || message.startsWith('Cannot read properties of undefined'))) {
      const line = error instanceof Error ? lineIn(error.stack ?? '', recording.path) : undefined;
      send({ t: 'call', call: { method: `api.${missed}`, args: [], handler, problem: { kind: 'unknownMethod' }, ...(line === undefined ? {} : { line }) } });
    }
  };

  const answer = (path: string, args: readonly unknown[]): unknown => {
    const [first, second, third] = args;
    switch (path) {
      case 'cache.get': return cache.get(first);
      case 'cache.set': return cache.set(first, second, third);
      case 'cache.delete': return cache.delete(first);
      case 'redirect.canRedirect': return true;
      case 'redirect.encodeToken': return encodeToken(first, event, now());
      case 'redirect.validateToken': return validateToken(first, event, now());
      default: break;
    }
    const given = vendor === undefined ? undefined : callVendor(vendor, path, args);
    // Only what was not refused.
    recording.redirected ||= path === 'redirect.sendUserTo';
    recording.refused ||= path === 'access.deny' || path === 'validation.error';
    const method = methods?.[path];
    if (given !== undefined && given.value !== vendor) {
      return given.value;
    }
    const value = method === undefined || method.gives === 'api' ? api : structuredClone(method.value);
    return method?.promised === true ? Promise.resolve(value) : value;
  };

  const method = (path: string): unknown => (...args: unknown[]) => {
    const found = methods?.[path];
    record(path, args, found === undefined ? undefined : callProblem(found, args, handler));
    return answer(path, args);
  };
  const watched = (holder: Holder, prefix: string): Holder => new Proxy(holder, {
    get(target, key, receiver): unknown {
      if (typeof key === 'string' && !(key in target)) {
        missed = `${prefix}${key}`;
      }
      return Reflect.get(target, key, receiver);
    },
  });
  const api = methods === undefined ? anything('', method) : watched(treeOf(Object.keys(methods), method, watched), '');
  return api;
}

function treeOf(paths: readonly string[], method: (path: string) => unknown, watched: (holder: Holder, prefix: string) => Holder, prefix = ''): Holder {
  const tree: Holder = {};
  for (const path of paths.filter(one => one.startsWith(prefix))) {
    const [name = '', ...more] = path.slice(prefix.length).split('.');
    tree[name] ??= more.length === 0 ? method(path) : watched(treeOf(paths, method, watched, `${prefix}${name}.`), `${prefix}${name}.`);
  }
  return tree;
}

/** An `api` whose every member is a method, and has further ones. */
function anything(path: string, method: (path: string) => unknown): unknown {
  return new Proxy(path === '' ? {} : method(path) as object, {
    get: (target, key, receiver): unknown => (typeof key !== 'string' || key === 'then' ? Reflect.get(target, key, receiver) : anything(path === '' ? key : `${path}.${key}`, method)),
  });
}

/** What the project's own `api` gives; it throws where the service would. */
function callVendor(vendor: Holder, path: string, args: readonly unknown[]): { readonly value: unknown } | undefined {
  const [group = '', name = ''] = path.split('.');
  const holder = vendor[group];
  const found = typeof holder === 'object' && holder !== null ? (holder as Holder)[name] : undefined;
  return typeof found === 'function' ? { value: found.apply(holder, [...args]) as unknown } : undefined;
}

function lineOfCaller(path: string): number | undefined {
  return lineIn(new Error().stack, path);
}

/** The first line of the file that a stack names. */
function lineIn(stack: unknown, path: string): number | undefined {
  const frame = typeof stack === 'string' ? stack.split('\n').find(one => one.includes(`${path}:`)) : undefined;
  const line = frame === undefined ? undefined : /^\d+/u.exec(frame.slice(frame.indexOf(`${path}:`) + path.length + 1))?.[0];
  return line === undefined ? undefined : Number(line);
}
