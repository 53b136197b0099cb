/**
 * The program of the process that runs an action's code: it takes an order from its channel, loads the code, calls its
 * handlers, and tells on the way what happens. A bundle of its own (dist/runner.cjs) with nothing in it but this.
 *
 * The code is a person's own and runs with their rights, but it may do anything by mistake: print, exit, patch what
 * everything uses. So what this program needs is taken before the code is loaded, and what it says goes through a channel
 * that printing does not touch, each message with a word that the code does not know.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants, compileFunction } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { MethodTable } from '../../actions/runs/localCalls.ts';
import type { RunnerOrder } from '../../actions/runs/localReport.ts';
import { openChannel } from './channel.ts';
import type { Send } from './channel.ts';
import { recordConsole } from './consoleRecorder.ts';
import { recordingApi } from './recordingApi.ts';
import type { Recording } from './recordingApi.ts';
import { projectSupport } from './projectSupport.ts';
import { thrown } from './plainValues.ts';

type Handler = (event: unknown, api: unknown) => unknown;

const exit = process.exit.bind(process);
const now = performance.now.bind(performance);
const soon = setImmediate;
const resources = process.getActiveResourcesInfo.bind(process);
/** Each resolves when what was printed has left, which the end of a process does not wait for. */
const written = [process.stdout, process.stderr].map(stream => {
  const write = stream.write.bind(stream) as (text: string, done: () => void) => boolean;
  return () => new Promise<void>(resolve => void write('', resolve));
});

/** Handles of this program, and of its output: nobody has left these behind. */
const OWN_RESOURCES: ReadonlySet<string> = new Set(['PipeWrap', 'TTYWrap', 'Immediate']);

class Run {
  readonly #order: RunnerOrder;
  readonly #send: Send;
  readonly #debugged: boolean;
  readonly #before: readonly string[];
  #pending = false;
  #ended = false;
  #handlersMs = 0;

  constructor(order: RunnerOrder, send: Send, debugged: boolean) {
    this.#order = order;
    this.#send = send;
    this.#debugged = debugged;
    this.#before = resources();
  }

  /** Resolves when everything was said. */
  async finish(): Promise<void> {
    await new Promise<void>(resolve => {
      process.on('uncaughtException', error => this.#fail(error, resolve));
      process.on('unhandledRejection', error => this.#fail(error, resolve));
      process.on('beforeExit', () => {
        if (this.#pending) {
          this.#send({ t: 'stuck' });
          this.#end(resolve);
        }
      });
      this.#work().then(() => this.#end(resolve), (error: unknown) => this.#fail(error, resolve));
    });
  }

  async #work(): Promise<void> {
    const order = this.#order;
    const { api: facts } = order;
    const counts = recordConsole(this.#send, this.#debugged);
    const require = requireFor(order);
    const support = facts.argument === 'api' && facts.trigger !== undefined ? projectSupport(facts.trigger, order.roots) : undefined;
    this.#send({ t: 'loading' });
    const begun = now();
    const exported = load(order, require);
    this.#send({ t: 'loaded', ms: now() - begun, ...(support === undefined ? {} : { support: support.version }) });
    const [first, second] = handlersOf(exported, facts.handlers);
    if (first === undefined) {
      const [name = 'onExecute…'] = Object.keys(facts.handlers);
      throw new TypeError(`exports.${name} is not a function`);
    }
    const recording: Recording = { send: this.#send, counts, path: order.path, redirected: false, refused: false };
    const call = async ({ name, handler }: Found, event: Record<string, unknown>): Promise<void> => {
      const given = { ...event, secrets: { ...order.secrets } };
      this.#send({ t: 'handler', name });
      const [subject, vendor] = support === undefined ? [given, undefined] : support.argumentsFor(given);
      const table: MethodTable | undefined = facts.known ? facts.handlers[name] ?? Object.values(facts.handlers)[0] : undefined;
      const other = facts.argument === 'context' ? { secrets: { ...order.secrets } } : recordingApi(table, name, subject, recording, vendor);
      const from = now();
      this.#pending = true;
      try {
        await handler(subject, other);
      } catch (error) {
        recording.unknown?.(error);
        throw error;
      } finally {
        this.#pending = false;
        this.#handlersMs += now() - from;
      }
    };
    await call(first, copyOf(order.event));
    if (recording.redirected && !recording.refused && second !== undefined && order.continueWith !== undefined) {
      await call(second, merged(copyOf(order.event), order.continueWith));
    }
    // A rejection that nobody handles is told of after this turn.
    await new Promise(resolve => soon(resolve));
  }

  #fail(error: unknown, done: () => void): void {
    if (!this.#ended) {
      this.#send({ t: 'threw', ...thrown(error) });
      this.#end(done);
    }
  }

  #end(done: () => void): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    const before = [...this.#before];
    const left = resources().filter(name => {
      const known = before.indexOf(name);
      if (known >= 0) {
        before.splice(known, 1);
      }
      return known < 0 && !OWN_RESOURCES.has(name);
    });
    if (left.length > 0) {
      this.#send({ t: 'limit', limit: { kind: 'leftBehind', what: left.slice(0, 100) } });
    }
    this.#send({ t: 'done', ms: this.#handlersMs });
    done();
  }
}

/** Compiled under its own path, without a line in front, so that lines and breakpoints are those of the file. */
function load({ code, path }: RunnerOrder, require: NodeJS.Require): unknown {
  const module = { exports: {} as unknown, id: path, filename: path, loaded: false, require };
  const folder = path.replace(/[/\\][^/\\]*$/u, '');
  const compiled = compileFunction(code.replace(/^\uFEFF/u, '').replace(/^#!/u, '//'), ['exports', 'require', 'module', '__filename', '__dirname'], { filename: path, importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }) as (...args: unknown[]) => void;
  compiled.call(module.exports, module.exports, require, module, path, folder);
  module.loaded = true;
  return module.exports;
}

/** `require` as at the file, with what was installed for the action in front, and the project's packages behind. */
function requireFor({ path, roots, packages }: RunnerOrder): NodeJS.Require {
  const own = createRequire(path);
  const others = roots.map(root => createRequire(root));
  const installed = packages === undefined ? undefined : createRequire(packages.root);
  const isBare = (id: string): boolean => !/^(?:\.|[/\\]|[A-Za-z]:[/\\]|node:)/u.test(id);
  const nameIn = (id: string): string => id.split('/', id.startsWith('@') ? 2 : 1).join('/');
  const finder = (id: string): NodeJS.Require => {
    if (installed !== undefined && packages?.names.includes(nameIn(id)) === true) {
      return installed;
    }
    const found = isBare(id) ? [own, ...others].find(one => resolves(one, id)) : own;
    return found ?? own;
  };
  const resolve = Object.assign((id: string, options?: { paths?: string[] }) => finder(id).resolve(id, options), { paths: (id: string) => own.resolve.paths(id) });
  return Object.assign((id: string): unknown => finder(id)(id), own, { resolve, main: undefined });
}

function resolves(require: NodeJS.Require, id: string): boolean {
  try {
    require.resolve(id);
    return true;
  } catch {
    return false;
  }
}

interface Found { readonly name: string; readonly handler: Handler }

/** The handler that runs first, and the one that continues after a redirect. Where no names are known, by how such names begin. */
function handlersOf(exported: unknown, known: Readonly<Record<string, unknown>>): readonly [Found | undefined, Found | undefined] {
  const holder = (typeof exported === 'object' || typeof exported === 'function') && exported !== null ? exported as Readonly<Record<string, unknown>> : {};
  const names = Object.keys(known).length > 0 ? Object.keys(known) : Object.keys(holder);
  const named = (pattern: RegExp): Found | undefined => {
    const name = names.find(one => pattern.test(one) && typeof holder[one] === 'function');
    return name === undefined ? undefined : { name, handler: holder[name] as Handler };
  };
  const whole = typeof exported === 'function' && Object.keys(known).length === 0 ? { name: 'module.exports', handler: exported as Handler } : undefined;
  return [named(/^onExecute/u) ?? whole, named(/^onContinue/u)];
}

function copyOf(event: unknown): Record<string, unknown> {
  return structuredClone(event) as Record<string, unknown>;
}

/** What changes laid over an event: objects member by member, everything else as a whole. */
function merged(event: Record<string, unknown>, change: Readonly<Record<string, unknown>>): Record<string, unknown> {
  for (const [key, value] of Object.entries(change)) {
    const old = event[key];
    event[key] = isPlain(old) && isPlain(value) ? merged(old, value) : structuredClone(value);
  }
  return event;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ends this process, with its group where it has one of its own: what the code has started. */
const END = `for (const pid of [${process.platform === 'win32' ? '' : `-${process.pid}, `}${process.pid}]) { try { process.kill(pid, 'SIGKILL'); } catch {} }`;

/** The window ends a run in time, unless its extension host has died: then this thread does, which a busy loop does not hold up. */
function watch(ms: number): void {
  new Worker(`setTimeout(() => { ${END} }, ${ms})`, { eval: true }).unref();
}

/**
 * Under a debugger, which stops threads as well and shows them, a process of its own looks after the extension host, and
 * goes with this one, whose end closes its input. However long somebody stands at a breakpoint is no matter.
 */
function watchHost(host: number): void {
  const code = `process.stdin.on('end', () => process.exit()).resume(); setInterval(() => { try { process.kill(${host}, 0); } catch (error) { if (error.code === 'ESRCH') { ${END} } } }, 1000)`;
  const child = spawn(process.execPath, ['-e', code], { env: process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }, stdio: ['pipe', 'ignore', 'ignore'], detached: process.platform !== 'win32', windowsHide: true });
  child.on('error', () => undefined).unref();
  child.stdin.on('error', () => undefined);
}

async function main(): Promise<void> {
  const { order, send, lastMs, host, close } = await openChannel(process.argv[2]);
  const debugged = lastMs === undefined;
  if (!debugged) {
    watch(lastMs);
  } else {
    process.on('exit', code => send({ t: 'exit', code }));
  }
  if (host !== undefined) {
    watchHost(host);
  }
  process.argv.length = 1;
  process.argv.push(order.path);
  delete process.env['ELECTRON_RUN_AS_NODE'];
  await new Run(order, send, debugged).finish();
  await Promise.all([close(), ...written.map(one => one())]);
  exit(0);
}

void main();

