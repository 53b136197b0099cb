/** Secrets, limits, trigger and runtime, placeholders, and what is kept between runs. */
import assert from 'node:assert/strict';
import { Diagnostic, DiagnosticSeverity, Range } from 'vscode';
import type { CheckInput } from '../../../../src/actions/checks/check.ts';
import { runChecks } from '../../../../src/actions/checks/index.ts';
import { besides } from '../../../../src/ui/problems/otherErrors.ts';
import { findings, handler, mended, told } from './support.ts';

describe('the checks of secrets', () => {
  const secrets = ['KEY'];
  it('find one that the action does not have, once, however it is read', () => {
    for (const code of ['f(event.secrets.OTHER, event.secrets.OTHER);', "f(event.secrets['OTHER']);", 'f(event?.secrets?.OTHER);', 'f((event.secrets).OTHER);', 'const { OTHER } = event.secrets; f(OTHER);', 'f(event.secrets.OTHER.length);']) {
      assert.deepEqual(told(handler(`f(event.secrets.KEY); ${code}`), { secrets }), ['hint secret-undefined: OTHER'], code);
    }
    assert.deepEqual(told('exports.onExecutePostLogin = async (e) => { f(e.secrets.KEY, e.secrets.OTHER); };', { secrets }), ['hint secret-undefined: OTHER']);
    assert.deepEqual(findings(handler('f(event.secrets.OTHER);'))[0]?.fixes, [{ kind: 'addSecret', name: 'OTHER' }]);
    assert.deepEqual(told(handler('const { OTHER = 1 } = event.secrets; f(other.secrets.OTHER, event.secrets);')), []);
  });

  it('find one that is never read, unless something else may read it', () => {
    assert.deepEqual(told(handler('f(event.user.name); console.log(event);'), { secrets }), ['hint secret-unused: ']);
    for (const code of ["f(event.secrets['KEY']);", 'f(event.secrets[name]);', 'f(event.secrets);', 'const { ...rest } = event.secrets;', 'helper(event);', 'lib.run(event, api);', 'const { secrets } = event; f(secrets.KEY);', '// KEY', 'for (const name in event.secrets) f(name);']) {
      assert.deepEqual(told(handler(code), { secrets }), [], code);
    }
    assert.deepEqual(told(handler('own(event);', 'function own(event) { return event.user; }\n'), { secrets }), ['hint secret-unused: ']);
  });

  it('say nothing where the secrets are not known', () => {
    const input: CheckInput = { code: handler('f(event.secrets.OTHER);'), triggers: [], dependencies: [] };
    assert.deepEqual(runChecks(input), []);
  });
});

describe('the checks of limits', () => {
  it('count bytes, and mark where the limit is passed', () => {
    const filled = (bytes: number, character: string): string => `${handler('')}// ${character.repeat((bytes - handler('').length - 3) / Buffer.byteLength(character))}`;
    assert.deepEqual(told(filled(100_000, 'x')), []);
    for (const character of ['x', 'é', '€', '😀']) {
      const code = filled(100_008 + ((handler('').length + 3 - 100_008) % Buffer.byteLength(character)) + Buffer.byteLength(character) * 2, character);
      const [found] = findings(code);
      assert.ok(found?.code === 'code-too-long' && found.count === Buffer.byteLength(code) && found.severity === 'error' && found.range.line === 3, character);
    }
    const lines = handler('') + '// 34567\n'.repeat(12_000);
    const [found] = findings(lines);
    assert.equal(found?.range.line, Buffer.from(lines).subarray(0, 100_000).toString().split('\n').length - 1);
  });

  it('count dependencies and secrets', () => {
    const dependencies = Array.from({ length: 11 }, (_, index) => ({ name: `d${index}`, version: '1.0.0' }));
    const secrets = Array.from({ length: 31 }, (_, index) => `S${index}`);
    const code = handler([...dependencies.map(one => `require('${one.name}');`), 'f(event.secrets);'].join('\n'));
    assert.deepEqual(told(code, { dependencies, secrets }), ['warning too-many-dependencies: ', 'warning too-many-secrets: ']);
    assert.deepEqual(told(code.replace("require('d10');", ''), { dependencies: dependencies.slice(1), secrets: secrets.slice(1) }).filter(one => one.includes('too-many')), []);
  });
});

describe('the checks of trigger and runtime', () => {
  const trigger = (version: string, status: string, runtimes = ['node18-actions', 'node22'], defaultRuntime = 'node22'): NonNullable<CheckInput['tenantTriggers']>[number] => ({ id: 'post-login', version, status, runtimes, defaultRuntime });
  const tenantTriggers = [trigger('v1', 'DEPRECATED', ['node22'], 'node12'), trigger('v2', 'DEPRECATED'), trigger('v3', 'CURRENT')];

  it('find a deprecated version, if the tenant says so', () => {
    const [found, second] = findings(handler(''), { triggers: [{ id: 'post-login', version: 'v2' }], tenantTriggers });
    assert.ok(found?.code === 'trigger-deprecated' && found.current === 'v3' && second === undefined);
    assert.deepEqual(told(handler(''), { tenantTriggers }), []);
    assert.deepEqual(told(handler(''), { triggers: [{ id: 'post-login', version: 'v2' }] }), []);
    assert.deepEqual(told('', { triggers: [{ id: 'new-one', version: 'v1' }], tenantTriggers: [{ id: 'new-one', version: 'v1', status: 'BETA', runtimes: [] }] }), []);
  });

  it('find a runtime that nobody maintains, or that the tenant does not offer', () => {
    for (const runtime of ['node12', 'node16', 'node18', 'node18-actions']) {
      assert.deepEqual(told(handler(''), { runtime }), ['warning runtime-deprecated: '], runtime);
    }
    for (const runtime of ['node22', 'node24', 'bun1', '']) {
      assert.deepEqual(told(handler(''), { runtime }), [], runtime);
    }
    assert.deepEqual(told(handler(''), { runtime: 'node24', tenantTriggers }), ['hint runtime-not-offered: ']);
    assert.deepEqual(told(handler(''), { runtime: 'node22', tenantTriggers: [trigger('v3', 'CURRENT', ['node24'])] }), []);
  });
});

describe('the check of placeholders', () => {
  it('finds those that were not replaced, outside of comments', () => {
    assert.deepEqual(told(handler("f('##DOMAIN##', `https://@@HOST@@/`); // ##COMMENT##\n/* @@ALSO@@ */")), ['warning placeholder: ##DOMAIN##', 'warning placeholder: @@HOST@@']);
    assert.deepEqual(told(handler("f('## Heading ##', '####', '@@', 'a@@b', '#######');")), []);
  });

  it('are errors where nothing can be parsed for them', () => {
    assert.deepEqual(told('const list = @@LIST@@;\n'), ['error placeholder: @@LIST@@']);
    assert.deepEqual(told('const list = ##LIST##;\n'), ['error placeholder: ##LIST##']);
  });
});

describe('the check of what is kept between runs', () => {
  const changed = (declaration: string, change: string): string[] => told(handler(change, `${declaration}\n`));
  it('finds what runs change', () => {
    for (const [declaration, change] of [['let token;', 'token = await f();'], ['let n = 0;', 'n++;'], ['const cache = new Map();', "cache.set('a', 1);"], ['const cache = {};', 'cache[event.user.user_id] = 1;'], ['const list = [];', 'list.push(event);'], ['const seen = { all: [] };', 'seen.all.push(1);'], ['var last;', '[1].forEach(() => { last = event.user; });'], ['const cache = {};', 'delete cache.x;']] as const) {
      const [first] = changed(declaration, change);
      assert.equal(first, `hint module-state: ${/\w+ (\w+)/u.exec(declaration)?.[1] ?? ''}`, declaration);
    }
  });

  it('says nothing of what is only read, made anew, or changed while the code is loaded', () => {
    for (const [declaration, change] of [
      ['const roles = new Set();', "roles.has('a');"], ['let a = 1;\na = 2;', 'f(a);'], ['const list = [];\nlist.push(1);', 'f(list);'], ['const a = [];', 'const b = []; b.push(a);'],
      ['let a;', 'let b; b = 1; { let a; a = b; }'], ["const client = require('node:fs');", 'client.x = 1;'], ['const a = {};\n(() => { a.b = 1; })();', 'f(a);'], ['const env = process.env;', "env.A = '1';"],
    ] as const) {
      assert.deepEqual(changed(declaration, change), [], `${declaration} ${change}`);
    }
    assert.deepEqual(told(handler('token = 1;', 'let token;\n'), { runtime: 'something' }), []);
    assert.deepEqual(told(handler('token = 1;', 'let token;\n'), { runtime: 'node18' }), ['warning runtime-deprecated: ']);
  });
});

describe('beside what VS Code says itself', () => {
  const other = (line: number, severity = DiagnosticSeverity.Error, source = 'ts'): Diagnostic => Object.assign(new Diagnostic(new Range(line, 0, line, 1), 'text', severity), { source });

  it('a syntax error is not said twice, and everything else stays', () => {
    const broken = findings("const a = ;\n'##NAME##'");
    assert.deepEqual(besides([other(0)], broken).map(one => one.code), ['placeholder']);
    // The same mistake, on the line where VS Code sees it.
    assert.deepEqual(besides([other(1)], broken).map(one => one.code), ['placeholder']);
    assert.deepEqual(besides([], broken), broken);
    assert.deepEqual(besides([other(0, DiagnosticSeverity.Hint), other(0, DiagnosticSeverity.Warning), other(0, DiagnosticSeverity.Error, 'auth0')], broken), broken);
    const module = findings("import a from 'node:fs';\nexport const b = a;");
    assert.deepEqual(besides([other(1)], module).map(one => one.range.line), [0]);
    assert.deepEqual(besides([other(0)], findings(handler("require('axios');", ''))).map(one => one.code), ['require-unknown']);
  });
});

describe('files with marks that are replaced when they are sent', () => {
  const marks = true;
  it('are checked like any other, but for what is about the marks', () => {
    assert.deepEqual(told(handler("f('##DOMAIN##', @@LIST@@, event.secrets.##KEY##, require('##PACKAGE##'));"), { marks }), []);
    assert.deepEqual(told(handler("f(@@LIST@@, event.secrets.OTHER, require('axios'));"), { marks, secrets: ['KEY'] }), ['hint secret-undefined: OTHER', 'error require-unknown: axios']);
    assert.deepEqual(told(handler('f(@@LIST@@ 1);'), { marks }), ['error syntax: 1']);
  });

  it('may use what no text of theirs names', () => {
    const known = { secrets: ['KEY'], dependencies: [{ name: 'axios', version: '1.7.9' }] };
    assert.deepEqual(told(handler("f('##DOMAIN##');"), { marks, ...known }), []);
    assert.deepEqual(told(handler("f('DOMAIN');"), { marks, ...known }), ['hint dependency-unused: ', 'hint secret-unused: ']);
  });

  it('are mended without touching a mark', () => {
    assert.equal(mended(`import a from '##PACKAGE##';\n${handler('f(a);')}`, { marks }), undefined);
    assert.equal(mended(`import a from 'fs';\n${handler('f(a, @@LIST@@);')}`, { marks }), `const a = require('fs');\n${handler('f(a, @@LIST@@);')}`);
  });
});
