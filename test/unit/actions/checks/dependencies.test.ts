/** What the code requires, what the action depends on, and what the registry has. */
import assert from 'node:assert/strict';
import type { CheckInput } from '../../../../src/actions/checks/check.ts';
import type { PackageFacts } from '../../../../src/actions/packages.ts';
import { findings, handler, told } from './support.ts';

const on = (...names: string[]): Pick<CheckInput, 'dependencies'> => ({ dependencies: names.map(one => ({ name: one.replace(/@[^@]*$/u, ''), version: /@([^@]+)$/u.exec(one)?.[1] ?? '' })) });
const facts = (name: string, versions: readonly string[], more: Partial<PackageFacts> = {}): PackageFacts => ({ name, versions, withInstallScript: new Set(), deprecated: new Map(), ...more });
const having = (...packages: (PackageFacts | string)[]): Pick<CheckInput, 'packages'> => ({ packages: new Map(packages.map((one): [string, PackageFacts | 'missing'] => (typeof one === 'string' ? [one, 'missing'] : [one.name, one]))) });

describe('the check of what is required', () => {
  it('takes dependencies, their files, Node.js and the modules of the action', () => {
    const code = handler('', "require('axios');\nrequire('axios/lib/x');\nrequire('@scope/a/b');\nrequire('crypto');\nrequire('node:crypto');\nrequire('fs/promises');\nrequire('node:test');\nrequire('actions:shared');\nimport('axios');\n");
    assert.deepEqual(told(code, { ...on('axios@1.0.0', '@scope/a@1.0.0'), modules: ['shared'] }), []);
  });

  it('finds what is no dependency, once, and adds it', () => {
    const code = handler("const b = require('@scope/b/c');\nrequire('axios');", "const axios = require(\n  'axios'\n);\n");
    const found = findings(code);
    assert.deepEqual(told(code), ['error require-unknown: axios', 'error require-unknown: @scope/b/c']);
    assert.deepEqual(found.map(one => one.fixes), [[{ kind: 'addDependency', name: 'axios' }], [{ kind: 'addDependency', name: '@scope/b' }]]);
    assert.deepEqual(told(handler("await import('got');")), ['error require-unknown: got']);
    assert.deepEqual(told(handler('require(`axios`);')), ['error require-unknown: axios']);
  });

  it('only warns where a failure is caught', () => {
    assert.deepEqual(told(handler("try { require('axios'); } catch { event.x = 1; }")), ['warning require-unknown: axios']);
    assert.deepEqual(told(handler("try { event.x = 1; } finally { require('axios'); }")), ['error require-unknown: axios']);
  });

  it('finds files, modules that are not added, and what Node.js does not have', () => {
    assert.deepEqual(told(handler("require('./helper'); require('../x'); require('/folder/x'); require('node:lodash'); require('actions:other');")), ['error require-file: ./helper', 'error require-file: ../x', 'error require-file: /folder/x', 'error require-not-node: node:lodash', 'error module-unknown: actions:other']);
    const { modules: _modules, ...unknown } = { modules: [], code: handler("require('actions:other');"), runtime: 'node22', triggers: [], dependencies: [] };
    assert.deepEqual(told(unknown.code, { modules: ['other'] }), []);
  });

  it('says nothing where require is another function, or a name is computed', () => {
    assert.deepEqual(told(handler('', "const require = name => name;\nrequire('axios');\n")), []);
    assert.deepEqual(told(handler("require(event.x); require(); require('a', 'b');")), []);
    assert.deepEqual(told(handler("api.require('axios');")), []);
  });
});

describe('the checks of dependencies', () => {
  it('find one that is never required', () => {
    assert.deepEqual(told(handler(''), on('axios@1.0.0')), ['hint dependency-unused: ']);
    assert.deepEqual(findings(handler(''), on('axios@1.0.0'))[0]?.fixes, [{ kind: 'removeDependency', name: 'axios' }]);
    for (const code of ["require('axios');", "require.resolve('axios');", "load('axios');", 'require(name);', '// axios comes later', "import('axios');", 'const load = require;']) {
      assert.deepEqual(told(handler(code), on('axios@1.0.0')), [], code);
    }
    // Code that cannot be parsed may require anything.
    assert.deepEqual(findings('const a = ;', on('axios@1.0.0')).map(one => one.code), ['syntax']);
  });

  it('find a part of Node.js, on its line', () => {
    assert.deepEqual(told(handler('', "const c = require('crypto');\n"), on('crypto@1.0.1')), ['warning dependency-builtin: crypto']);
    assert.deepEqual(told(handler(''), on('crypto@1.0.1')), ['warning dependency-builtin: ']);
    assert.deepEqual(told(handler("require('buffer/'); require('punycode/punycode.js');"), on('buffer@6.0.3', 'punycode@2.3.1')), []);
  });

  it('find native add-ons, and what may be one', () => {
    assert.deepEqual(told(handler("require('bcrypt');"), on('bcrypt@5.1.1')), ['warning dependency-native: bcrypt']);
    const registry = having(facts('core-js', ['3.0.0', '3.1.0'], { withInstallScript: new Set(['3.0.0']) }));
    assert.deepEqual(told(handler("require('core-js');"), { ...on('core-js@3.0.0'), ...registry }), ['hint dependency-native: core-js']);
    assert.deepEqual(told(handler("require('core-js');"), { ...on('core-js@3.1.0'), ...registry }), []);
  });

  it('explain the recorded build that failed without a reason, on its line', () => {
    const code = handler('', "const axios = require('axios');\nconst crypto = require('crypto');\n");
    const input = { ...on('axios@1.7.9', 'crypto@17.7.1'), ...having(facts('axios', ['1.7.9']), facts('crypto', ['0.0.3', '1.0.0', '1.0.1'], { latest: '1.0.1' })) };
    assert.deepEqual(told(code, input).filter(one => one.startsWith('error')), ['error dependency-version-not-found: crypto']);
    const found = findings(code, input).find(one => one.code === 'dependency-version-not-found');
    assert.ok(found?.range.line === 1 && found.builtin && found.suggestion === '1.0.1');
    assert.deepEqual(found.fixes, [{ kind: 'removeDependency', name: 'crypto' }, { kind: 'setDependencyVersion', name: 'crypto', version: '1.0.1' }]);
  });

  it('find packages and versions that do not exist, and the nearest one that does', () => {
    assert.deepEqual(told(handler("require('nope');"), { ...on('nope@1.0.0'), ...having('nope') }), ['error dependency-not-found: nope']);
    const suggested = (version: string, versions: readonly string[], latest?: string): unknown => {
      const found = findings(handler("require('a');"), { ...on(`a@${version}`), ...having(facts('a', versions, latest === undefined ? {} : { latest })) }).find(one => one.code === 'dependency-version-not-found');
      return found?.code === 'dependency-version-not-found' ? found.suggestion : 'exists';
    };
    assert.equal(suggested('1.2.9', ['1.2.1', '1.2.10', '1.3.0', '2.0.0'], '2.0.0'), '1.2.10');
    assert.equal(suggested('1.9.0', ['1.2.1', '1.10.0', '2.0.0-rc.1', '2.0.0'], '2.0.0'), '1.10.0');
    assert.equal(suggested('17.7.1', ['1.0.0', '1.0.1'], '1.0.0'), '1.0.0');
    assert.equal(suggested('17.7.1', ['1.0.0', '1.0.1'], '9.9.9'), '1.0.1');
    assert.equal(suggested('17.7.1', []), undefined);
    for (const version of ['1.0.0', 'latest', '^1.0.0', '1.x', '>=1', '', '*', 'next']) {
      assert.equal(suggested(version, ['1.0.0'], '1.0.0'), 'exists', version);
    }
  });

  it('say nothing where the registry was not asked, is another one, or the service has installed it', () => {
    const code = handler("require('nope');");
    assert.deepEqual(told(code, on('nope@1.0.0')), []);
    assert.deepEqual(told(code, { dependencies: [{ name: 'nope', version: '1.0.0', registryUrl: 'https://npm.example' }], ...having('nope') }), []);
    assert.deepEqual(told(code, { ...on('nope@1.0.0'), ...having('nope'), installed: new Set(['nope@1.0.0']) }), []);
    assert.deepEqual(told(code, { ...on('nope@1.0.1'), ...having('nope'), installed: new Set(['nope@1.0.0']) }), ['error dependency-not-found: nope']);
  });

  it('pass on what the makers of a version advise against', () => {
    const [found] = findings(handler("require('request');"), { ...on('request@2.88.2'), ...having(facts('request', ['2.88.2'], { deprecated: new Map([['2.88.2', 'request has been deprecated']]) })) });
    assert.ok(found?.code === 'dependency-deprecated' && found.severity === 'hint' && found.reason === 'request has been deprecated');
  });
});
