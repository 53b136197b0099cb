/**
 * What a process that runs an action says of itself, message by message, and the result that comes of it. The messages
 * come from a process in which anybody's code runs, so each is read like any other foreign JSON.
 */
import { asNumber, asObject, asText, isObject, parseJson } from '../../auth0/json.ts';
import type { JsonObject } from '../../auth0/json.ts';
import type { RunnerApi } from './localCalls.ts';
import { CONSOLE_LIMIT } from './localRun.ts';
import type { ApiCall, CallProblem, LimitMet, LocalRunOrder, LocalRunResult, RunEnd } from './localRun.ts';
import { LONGEST_LINE, SecretMask } from './localMask.ts';
import { lineOfError } from './stack.ts';

/** What the process is told: the order, and where and with what it is carried out. */
export interface RunnerOrder extends LocalRunOrder {
  /** The absolute path that the code has for stacks, breakpoints and relative requires. */
  readonly path: string;
  /** Absolute paths of files, from whose places packages are looked for, the first first. */
  readonly roots: readonly string[];
  /** Packages that were installed for the action, and the file beside their `node_modules`. */
  readonly packages?: { readonly root: string; readonly names: readonly string[] };
  readonly api: RunnerApi;
}

export type RunMessage =
  /** The process is there, and begins to load the code. */
  | { readonly t: 'loading' }
  | { readonly t: 'loaded'; readonly ms: number; readonly support?: string }
  | { readonly t: 'handler'; readonly name: string }
  | { readonly t: 'call'; readonly call: ApiCall }
  | { readonly t: 'console'; readonly level: string; readonly text: string }
  /** How much there has been so far, with what is left out. */
  | { readonly t: 'counts'; readonly calls: number; readonly lines: number; readonly characters: number }
  | { readonly t: 'limit'; readonly limit: LimitMet }
  | { readonly t: 'threw'; readonly name: string; readonly message: string; readonly stack: string }
  /** Nothing is left that could end the handler. */
  | { readonly t: 'stuck' }
  /** The code has ended the process. Said under a debugger alone, which keeps what it ended with. */
  | { readonly t: 'exit'; readonly code: number }
  | { readonly t: 'done'; readonly ms: number };

/** Calls and lines of the console that are kept of a run; more are counted. */
export const MOST_CALLS = 1000;
export const MOST_LINES = 500;

/** Collects messages into a result. */
export class RunReport {
  readonly #order: Pick<RunnerOrder, 'path' | 'code'>;
  readonly #mask: SecretMask;
  /** What was printed last, where a value may go on in what comes next. */
  readonly #held = new Map<string, string>();
  readonly #calls: ApiCall[] = [];
  readonly #console: { level: string; text: string }[] = [];
  readonly #limits: LimitMet[] = [];
  readonly #handlers: string[] = [];
  #counts = { calls: 0, lines: 0, characters: 0 };
  #ms = { load: 0, handlers: 0 };
  #error: { name: string; message: string; stack: string } | undefined;
  #stuck = false;
  #support: string | undefined;
  #done = false;
  #exitCode: number | undefined;

  constructor(order: Pick<RunnerOrder, 'path' | 'code' | 'secrets'>) {
    this.#order = order;
    this.#mask = new SecretMask(order.secrets);
  }

  /** Handlers that were called so far. */
  get handlers(): number {
    return this.#handlers.length;
  }

  /** The process has said how it ended. */
  get isOver(): boolean {
    return this.#done || this.#exitCode !== undefined;
  }

  /** One message as it came; what is none is left out. Returns its kind. */
  take(json: string): RunMessage['t'] | undefined {
    const message = asObject(parseJson(json));
    switch (message['t']) {
      case 'loading': return 'loading';
      case 'loaded':
        this.#ms.load = asNumber(message['ms']) ?? 0;
        this.#support = asText(message['support']);
        return 'loaded';
      case 'handler':
        this.#handlers.push(asText(message['name']) ?? '');
        return 'handler';
      case 'call':
        this.#call(asObject(message['call']));
        return 'call';
      case 'console':
        this.#line(asText(message['level']) ?? '', this.#text(message['text']).slice(0, LONGEST_LINE));
        return 'console';
      case 'counts':
        this.#counts = { calls: asNumber(message['calls']) ?? 0, lines: asNumber(message['lines']) ?? 0, characters: asNumber(message['characters']) ?? 0 };
        return 'counts';
      case 'limit':
        this.#limits.push(...limitOf(asObject(message['limit']), key => this.#text(key)));
        return 'limit';
      case 'threw':
        // The first one is what ended the run.
        this.#error ??= { name: this.#text(message['name']), message: this.#text(message['message']), stack: this.#text(message['stack']) };
        return 'threw';
      case 'stuck':
        this.#stuck = true;
        return 'stuck';
      case 'exit':
        this.#exitCode = asNumber(message['code']) ?? 0;
        return 'exit';
      case 'done':
        this.#ms.handlers = asNumber(message['ms']) ?? 0;
        this.#done = true;
        return 'done';
      default: return undefined;
    }
  }

  /** What was printed past the console, as it comes, and as much as whoever reads it takes. A line at whose end a secret may begin waits for what follows. */
  output(level: string, text: string): void {
    const all = `${this.#held.get(level) ?? ''}${text}`;
    const begun = this.#mask.begun(all);
    const end = begun === 0 ? all.length : all.slice(0, -begun).lastIndexOf('\n') + 1;
    this.#held.set(level, all.slice(end));
    if (end > 0) {
      this.#line(level, this.#mask.text(all.slice(0, end), false).replace(/\n$/u, ''));
    }
  }

  #line(level: string, text: string): void {
    if (this.#console.length < MOST_LINES) {
      this.#console.push({ level, text });
    }
  }

  /** What came of the run. Without `ended` it is told by the messages: code that went without a word has ended its process. */
  result(ended?: { readonly end?: RunEnd; readonly exitCode?: number; readonly signal?: string }): LocalRunResult {
    for (const [level, text] of this.#held) {
      if (text !== '') {
        this.#line(level, this.#mask.text(text, true));
      }
    }
    this.#held.clear();
    const end = ended?.end ?? (this.#error !== undefined ? 'threw' : this.#stuck ? 'timedOut' : this.#done ? 'finished' : 'exited');
    const { characters } = this.#counts;
    const line = this.#error === undefined ? undefined : lineOfError(this.#error.stack, this.#order.code, this.#order.path);
    const exitCode = ended?.exitCode ?? this.#exitCode;
    const cut = { calls: Math.max(0, this.#counts.calls - this.#calls.length), lines: Math.max(0, this.#counts.lines - this.#console.filter(({ level }) => level !== 'stdout' && level !== 'stderr').length) };
    return {
      end,
      file: this.#order.path,
      calls: this.#calls,
      console: this.#console,
      ...(this.#error === undefined ? {} : { error: this.#error }),
      ...(line === undefined ? {} : { errorLine: line }),
      handlers: this.#handlers,
      ms: this.#ms,
      limits: [...this.#limits, ...(characters > CONSOLE_LIMIT ? [{ kind: 'console' as const, characters }] : [])],
      ...(end === 'exited' && exitCode !== undefined ? { exitCode } : {}),
      ...(end === 'exited' && ended?.signal !== undefined ? { signal: ended.signal } : {}),
      ...(this.#stuck && end === 'timedOut' ? { stuck: true as const } : {}),
      ...(this.#support === undefined ? {} : { testSupport: this.#support }),
      ...(cut.calls + cut.lines > 0 ? { leftOut: cut } : {}),
    };
  }

  #call(json: JsonObject): void {
    if (this.#calls.length < MOST_CALLS) {
      const line = asNumber(json['line']);
      const problem = problemOf(asObject(json['problem']));
      this.#calls.push({
        method: asText(json['method']) ?? '',
        args: Array.isArray(json['args']) ? json['args'].map(one => this.#masked(one)) : [],
        handler: asText(json['handler']) ?? '',
        ...(line === undefined ? {} : { line }),
        ...(problem === undefined ? {} : { problem }),
      });
    }
  }

  #text(value: unknown): string {
    return this.#mask.text(asText(value) ?? '');
  }

  /** A value without the values of secrets: the result is shown, and may be copied or kept. */
  #masked(value: unknown): unknown {
    if (typeof value === 'string') {
      return this.#text(value);
    }
    if (Array.isArray(value)) {
      return value.map(one => this.#masked(one));
    }
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [this.#text(key), this.#masked(one)])) : value;
  }
}

function problemOf(json: JsonObject): CallProblem | undefined {
  const kind = json['kind'];
  const parameter = asText(json['parameter']) ?? '';
  switch (kind) {
    case 'unknownMethod':
    case 'otherHandler': return { kind };
    case 'missing': return { kind, parameter };
    case 'wrongType': return { kind, parameter, expected: asText(json['expected']) ?? '' };
    default: return undefined;
  }
}

function limitOf(json: JsonObject, masked: (key: unknown) => string): readonly LimitMet[] {
  const kind = json['kind'];
  if (kind === 'cacheEntries' || kind === 'cacheSize') {
    return [{ kind, key: masked(json['key']) }];
  }
  return kind === 'leftBehind' && Array.isArray(json['what']) ? [{ kind, what: json['what'].filter(one => typeof one === 'string') }] : [];
}
