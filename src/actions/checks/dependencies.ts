/** Dependencies that do nothing, or cannot work: never required, a part of Node.js, a native add-on. */
import type { Check, Checked } from './check.ts';
import { FIRST_LINE } from './check.ts';
import type { TextRange } from '../problems.ts';
import { isNodeModule } from './nodeModules.ts';

/** Where the code requires a package, else its first line. */
export function placeOf({ code }: Checked, name: string): TextRange {
  return code.requirements.find(one => one.name === name)?.range ?? code.requireRange(name) ?? FIRST_LINE;
}

export const checkUnusedDependencies: Check = ({ input, code }) => {
  if (code.requiresAnything) {
    return [];
  }
  const used = new Set(code.requirements.map(one => one.name));
  // Named anywhere in the code, it may be loaded in a way that is not seen here.
  return input.dependencies.filter(({ name }) => !used.has(name) && !code.text.includes(name) && !isNodeModule(name))
    .map(({ name }) => ({ code: 'dependency-unused', name, severity: 'hint', range: FIRST_LINE, fixes: [{ kind: 'removeDependency', name }] }));
};

export const checkBuiltinDependencies: Check = checked =>
  checked.input.dependencies
    // `punycode/` and `buffer/index.js` are of the package.
    .filter(({ name }) => isNodeModule(name) && !checked.code.requirements.some(one => one.name === name && !isNodeModule(one.specifier)))
    .map(({ name }) => ({ code: 'dependency-builtin', name, severity: 'warning', range: placeOf(checked, name), fixes: [{ kind: 'removeDependency', name }] }));

/** Well-known packages that need a compiled part, in all of their versions. */
const NATIVE: ReadonlySet<string> = new Set([
  'argon2', 'bcrypt', 'better-sqlite3', 'bufferutil', 'canvas', 'couchbase', 'deasync', 'ffi-napi', 'grpc', 'ibm_db', 'isolated-vm', 'kerberos', 'keytar', 'leveldown',
  'libxmljs', 'libxmljs2', 'node-expat', 'node-gyp', 'node-pty', 'node-rdkafka', 'node-sass', 'odbc', 'oracledb', 'pg-native', 're2', 'ref-napi', 'robotjs', 'serialport', 'sharp',
  'snappy', 'sqlite3', 'utf-8-validate', 'zeromq',
]);

export const checkNativeDependencies: Check = checked =>
  checked.input.dependencies.flatMap(({ name, version }) => {
    const facts = checked.input.packages?.get(name);
    const sure = NATIVE.has(name);
    if (!sure && (facts === undefined || facts === 'missing' || !facts.withInstallScript.has(version))) {
      return [];
    }
    return [{ code: 'dependency-native', name, sure, severity: sure ? 'warning' : 'hint', range: placeOf(checked, name), fixes: [] }];
  });
