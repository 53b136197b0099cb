/** The modules that Node.js has itself. A list, because the checks run without Node.js too. */
const BUILTIN: ReadonlySet<string> = new Set([
  'assert', 'async_hooks', 'buffer', 'child_process', 'cluster', 'console', 'constants', 'crypto', 'dgram', 'diagnostics_channel', 'dns', 'domain', 'events', 'fs',
  'http', 'http2', 'https', 'inspector', 'module', 'net', 'os', 'path', 'perf_hooks', 'process', 'punycode', 'querystring', 'readline', 'repl', 'stream',
  'string_decoder', 'sys', 'timers', 'tls', 'trace_events', 'tty', 'url', 'util', 'v8', 'vm', 'wasi', 'worker_threads', 'zlib',
]);
const SUBPATHS: ReadonlySet<string> = new Set([
  'assert/strict', 'dns/promises', 'fs/promises', 'inspector/promises', 'path/posix', 'path/win32', 'readline/promises', 'stream/consumers', 'stream/promises', 'stream/web',
  'timers/promises', 'util/types',
]);
/** Those that have no name without `node:`. */
const PREFIXED: ReadonlySet<string> = new Set(['sea', 'sqlite', 'test', 'test/reporters']);

/** True for `crypto`, `fs/promises`, `node:test`. `punycode/` is a package. */
export function isNodeModule(specifier: string): boolean {
  const name = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
  return BUILTIN.has(name) || SUBPATHS.has(name) || (name !== specifier && PREFIXED.has(name));
}
