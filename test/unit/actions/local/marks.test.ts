/** Marks in files of a repository: what stands for them, which have nothing, and keeping them when a tenant's text comes. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readMappings } from '../../../../src/actions/local/config.ts';
import { hasMarks, keepMarks, keepMarksInJson, openMarks, resolveMarks } from '../../../../src/actions/local/marks.ts';

const mappings = (values: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> => new Map(Object.entries(values));

describe('the mappings of a config.json', () => {
  it('are all that is read of it', () => {
    assert.deepEqual(readMappings('\uFEFF{ "AUTH0_DOMAIN": "evil.example", "AUTH0_CLIENT_SECRET": "x", "AUTH0_KEYWORD_REPLACE_MAPPINGS": { "A": 1, "": 2, "two\\nlines": 3 } }'), mappings({ A: 1 }));
    assert.deepEqual(readMappings('{ "AUTH0_KEYWORD_REPLACE_MAPPINGS": "{ \\"A\\": [1] }" }'), mappings({ A: [1] }));
    for (const text of ['', '{', '[]', '{}', '{ "AUTH0_KEYWORD_REPLACE_MAPPINGS": [1] }', '{ "AUTH0_KEYWORD_REPLACE_MAPPINGS": "A" }']) {
      assert.equal(readMappings(text), undefined, text);
    }
  });
});

describe('marks', () => {
  it('stand for JSON, with quotes around them or not, and for plain text', () => {
    const values = mappings({ LIST: ['a', '$&'], TEXT: 'it\'s $1', NUMBER: 7, OPEN: { a: 1 }, NOTHING: null });
    assert.equal(resolveMarks('@@LIST@@ "@@LIST@@" \'@@LIST@@\' @@TEXT@@ ##TEXT## ##NUMBER## ##LIST## @@NOTHING@@', values), '["a","$&"] ["a","$&"] ["a","$&"] "it\'s $1" it\'s $1 7 a,$& null');
    assert.deepEqual(openMarks(resolveMarks('a\n##OPEN## @@GONE@@\n##NOTHING## ##OPEN##', values), values), [{ text: '##OPEN##', line: 1 }, { text: '@@GONE@@', line: 1 }, { text: '##NOTHING##', line: 2 }]);
  });

  it('may have any name that a mapping has, and no name means more than it says', () => {
    assert.equal(resolveMarks('##a.b## ##axb## @@(x+)+@@', mappings({ 'a.b': 'one', '(x+)+': 2 })), 'one ##axb## 2');
    assert.deepEqual(openMarks('// ######## @@ # ##a b## ##----## ##__## @@-1,2 +1,2 @@', mappings({})), []);
    assert.deepEqual(openMarks('##my key##', mappings({ 'my key': {} })), [{ text: '##my key##', line: 0 }]);
  });

  it('are open with whatever name a key has that nobody gave a value', () => {
    const marks = ['##MY-KEY##', '##2FA##', '##_X##', '@@a.b@@', '@@-X@@'];
    assert.deepEqual(openMarks(marks.join('\n'), mappings({})), marks.map((text, line) => ({ text, line })));
  });

  it('that would make a text endless are left, and named', () => {
    const names = Array.from({ length: 40 }, (_, index) => `N${String(index).padStart(2, '0')}`);
    const values = mappings(Object.fromEntries(names.map((name, index) => [name, `##${names[index + 1] ?? 'END'}##`.repeat(2)])));
    const resolved = resolveMarks('##N00##', values);
    assert.ok(resolved.length < 10_000_000);
    assert.ok(openMarks(resolved, values).length > 0);
  });
});

describe('a pulled code', () => {
  const values = mappings({ HOST: 'acme.example', LINES: 'one\ntwo', LIST: [1, 2] });

  it('is the file\'s own where that says the same', () => {
    const mine = 'const host = "##HOST##";\n##LINES##\nconst list = @@LIST@@;\n';
    assert.equal(keepMarks(mine, values, resolveMarks(mine, values)), mine);
  });

  it('keeps marks on the lines that say the same, and no others', () => {
    const mine = '// head\nconst host = "##HOST##";\n##LINES##\nconst list = @@LIST@@;\n// end\n';
    assert.equal(keepMarks(mine, values, '// other head\nconst host = "acme.example";\none\ntwo\nnew();\nconst list = [1,2];\n'), '// other head\nconst host = "##HOST##";\n##LINES##\nnew();\nconst list = @@LIST@@;\n');
    assert.equal(keepMarks(mine, values, '// head\nconst host = "other.example";\none\n// end\n'), '// head\nconst host = "other.example";\none\n// end\n');
    assert.equal(keepMarks('// no marks\n', values, '// theirs\n'), '// theirs\n');
  });

  it('keeps marks where git or an editor has changed the ends of lines, which then are the tenant\'s', () => {
    assert.equal(keepMarks('a\r\nh("##HOST##");\r\nend', values, 'a\nh("acme.example");\nnew\n'), 'a\nh("##HOST##");\nnew\n');
    assert.equal(keepMarks('h("##HOST##");\n', values, 'h("acme.example");\r\n'), 'h("##HOST##");\r\n');
    assert.equal(keepMarks('h("##HOST##");\n', values, 'h("acme.example");'), 'h("##HOST##");');
  });

  it('says, marks replaced, what the tenant has, whatever happened to it', () => {
    const line = fc.constantFrom('a', 'b', '##X##', '@@X@@', '##Y##', '"##Y##"', '', 'x', 'y\n', 'p\r', '1');
    const text = fc.array(line, { maxLength: 12 }).map(lines => lines.join('\n'));
    const values2 = mappings({ X: 'x', Y: 'y\ny', Z: '##X##' });
    fc.assert(fc.property(text, text, (mine, changed) => {
      const theirs = resolveMarks(changed, values2);
      const kept = keepMarks(mine, values2, theirs);
      assert.equal(resolveMarks(kept, values2), theirs);
      if (resolveMarks(mine, values2) === theirs) {
        assert.equal(kept, mine);
      }
    }), { numRuns: 500 });
  });

  it('keeps what it can in code of the largest size within a moment', () => {
    const many = Array.from({ length: 9000 }, (_, index) => `f(${index});\n`).join('');
    const begun = process.cpuUsage();
    const kept = keepMarks(`h("##HOST##");\n${many}`, values, `h("acme.example");\n${many.split('\n').reverse().join('\n')}`);
    assert.ok(kept.startsWith('h("##HOST##");\n'));
    assert.ok(process.cpuUsage(begun).user < 20_000_000);
  });
});

describe('a pulled description', () => {
  const values = mappings({ STAGE: 'dev', DEPS: [{ name: 'lodash', version: '4.17.21' }], V: '1.0.0', N: 3 });
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

  it('is the file\'s own, byte for byte, where that says the same', () => {
    const mine = '{ "name": "##STAGE##-x",\t"dependencies": @@DEPS@@, "number": ##N## }';
    assert.equal(keepMarksInJson(mine, values, json({ name: 'dev-x', number: 3, dependencies: [{ name: 'lodash', version: '4.17.21' }] })), mine);
  });

  it('keeps each value that says the same, with or without quotes', () => {
    const mine = '{ "name": "##STAGE##-x", "dependencies": @@DEPS@@, "n": ##N##, "list": [{ "name": "a", "version": "##V##" }, { "name": "b", "version": "##V##" }], "runtime": "node18" }';
    const theirs = { name: 'dev-x', n: 3, dependencies: [{ name: 'lodash', version: '4.17.21' }], list: [{ name: 'b', version: '2.0.0' }, { name: 'a', version: '1.0.0' }], runtime: 'node22' };
    assert.equal(keepMarksInJson(mine, values, json(theirs)), json({ name: '##STAGE##-x', n: 'N', dependencies: 'D', list: [{ name: 'b', version: '2.0.0' }, { name: 'a', version: '##V##' }], runtime: 'node22' }).replace('"N"', '##N##').replace('"D"', '@@DEPS@@'));
  });

  it('keeps marks for values of secrets, which no tenant tells, and no plain value', () => {
    const mine = json({ name: 'x', secrets: [{ name: 'A', value: '##FROM_ENVIRONMENT##' }, { name: 'B', value: 'plain' }, { name: '##STAGE##_C', value: '##STAGE##' }, { name: 'GONE', value: '##G##' }] });
    const kept = keepMarksInJson(mine, values, json({ name: 'x', secrets: [{ name: 'B' }, { name: 'dev_C' }, { name: 'A' }, { name: 'NEW' }] }));
    assert.deepEqual(JSON.parse(kept), { name: 'x', secrets: [{ name: 'B' }, { name: '##STAGE##_C', value: '##STAGE##' }, { name: 'A', value: '##FROM_ENVIRONMENT##' }, { name: 'NEW' }] });
    assert.equal(keepMarksInJson(json({ name: 'x' }), values, json({ name: 'y' })), json({ name: 'y' }));
  });

  it('is the tenant\'s where the file is none', () => {
    for (const mine of ['', '{ "name": "##STAGE##', '[@@DEPS@@]', 'null', '##STAGE##']) {
      assert.equal(keepMarksInJson(mine, values, json({ name: 'x' })), json({ name: 'x' }), mine);
    }
    assert.equal(hasMarks('##STAGE##', values), true);
  });
});
