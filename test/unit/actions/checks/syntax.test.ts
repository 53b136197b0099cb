/** Code that the runtime cannot parse, by its language level. */
import assert from 'node:assert/strict';
import { findings, handler, mended, told } from './support.ts';

describe('the check of syntax', () => {
  it('says where the parser stopped, whatever ends a line', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const [first] = findings(`exports.onExecutePostLogin = async () => {${end}  const a = ;${end}};`);
      assert.ok(first?.code === 'syntax' && first.message === 'Unexpected token');
      assert.deepEqual([first.range, first.severity], [{ line: 1, start: 12, end: 13 }, 'error']);
    }
    // A line that only JavaScript counts as one.
    assert.deepEqual(findings("'\u2028';\nconst a = ;")[0]?.range, { line: 1, start: 10, end: 11 });
    assert.deepEqual(told("exports.onExecutePostLogin = async () => {"), ['error syntax: ']);
  });

  it('takes what CommonJS takes', () => {
    for (const code of ['#!/usr/bin/env node\n', 'if (1) return;\n', 'with (Math) { abs(1); }\n', 'var await = 1;\n', "'use strict';\n", 'delete this.x;\n', "import('node:fs').then(() => {});\n", 'const x = new.target;\n', '<!-- an old comment\n']) {
      assert.deepEqual(told(handler('', code)), [], code);
    }
  });

  it('takes no ES module, and says how to change one', () => {
    assert.deepEqual(told("import axios from 'axios';\nexport const onExecutePostLogin = async () => {\n  axios();\n};", { dependencies: [{ name: 'axios', version: '1.0.0' }] }), ['error syntax-module: import', 'error syntax-module: export']);
    assert.equal(mended("import a from 'axios';"), "const a = require('axios');");
    assert.equal(mended("import * as a from 'axios';"), "const a = require('axios');");
    assert.equal(mended("import { get, put as send } from 'axios';"), "const { get, put: send } = require('axios');");
    assert.equal(mended("import 'axios';"), "require('axios');");
    assert.equal(mended("import a, { get } from 'axios';"), undefined);
    assert.equal(mended('export const onExecutePostLogin = async () => {};'), 'exports.onExecutePostLogin = async () => {};');
    assert.equal(mended('export async function onExecutePostLogin() {}'), 'exports.onExecutePostLogin = async function onExecutePostLogin() {}');
    assert.equal(mended('export const other = 1, more = 2;'), undefined);
    assert.deepEqual(told('export default async () => {};'), ['error syntax-module: export']);
    assert.deepEqual(told(handler('', 'const url = import.meta.url;\n')), ['error syntax-module: import.meta']);
  });

  it('takes no await outside of functions', () => {
    assert.deepEqual(told(handler('await 1;', 'const a = await fetch("https://example.com");\n')), ['error syntax-await: await']);
    assert.deepEqual(told(handler('', 'for await (const a of []) {}\n')), ['error syntax-await: for']);
  });

  it('knows TypeScript where it sees it', () => {
    for (const code of ['exports.onExecutePostLogin = async (event: Event, api: Api) => {};', 'const a: string = "";', 'function f(): void {}', 'interface A { b: string }', 'type A = string;', 'enum A { B }', 'const a = b as string;']) {
      assert.deepEqual(findings(code).map(one => one.code), ['syntax-typescript'], code);
    }
    for (const code of ['f(a: 1)', 'const a = { b = 1 };', 'a ? b', 'const x = : 1;', 'case 1: b']) {
      assert.deepEqual(findings(code).map(one => one.code), ['syntax'], code);
    }
  });

  it('follows the level of the runtime', () => {
    const level = (code: string, runtime: string): string[] => told(handler(code), { runtime }).filter(one => !one.includes('runtime-deprecated'));
    assert.deepEqual(level('event.user?.name;', 'node12'), ['error syntax-too-new: event']);
    assert.deepEqual(level('const a = event.a ?? 1;', 'node12'), ['error syntax-too-new: event']);
    for (const runtime of ['node12', 'node16', 'node18', 'node18-actions', 'node22', 'something-new', '']) {
      assert.deepEqual(level('class A { b = 1; } const n = 1n + 1_000n; new A(n);', runtime), [], runtime);
    }
    for (const runtime of ['node16', 'node18-actions', 'node22']) {
      assert.deepEqual(level('event.user?.name ?? 1; class A { static { this.b = 1; } #c; has(x) { return #c in x; } } new A();', runtime), [], runtime);
    }
    assert.deepEqual(level('using a = b();', 'node22'), ['error syntax-too-new: a']);
    assert.deepEqual(level('using a = b();', 'node24'), []);
  });

  it('says nothing of code that nests too deep, and goes on with what needs no parser', () => {
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    assert.deepEqual(findings(`${deep}; '##NAME##'`).map(one => one.code), ['code-too-long', 'placeholder']);
    assert.deepEqual(findings(`x = ${'('.repeat(40_000)}`), []);
    assert.deepEqual(findings(`exports.onExecutePostLogin = async () => ${'1+'.repeat(45_000)}1;`), []);
  });
});
