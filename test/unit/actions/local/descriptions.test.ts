/** Descriptions of actions in a repository, as they should be, as they are, and as somebody hostile writes them. */
import assert from 'node:assert/strict';
import { readDescription, readList } from '../../../../src/actions/local/descriptions.ts';
import { readTenantFile } from '../../../../src/actions/local/tenantFile.ts';

const ENTRY = {
  name: 'Enrich profile',
  code: './actions/Enrich profile/code.js',
  runtime: 'node22',
  status: 'built',
  dependencies: [{ name: 'lodash', version: '4.17.21' }],
  secrets: [{ name: 'CRM_KEY', value: '##CRM_KEY##' }],
  supported_triggers: [{ id: 'post-login', version: 'v3' }],
  deployed: true,
};
const READ = { name: 'Enrich profile', code: 'actions/Enrich profile/code.js', runtime: 'node22', dependencies: [{ name: 'lodash', version: '4.17.21' }], secrets: ['CRM_KEY'], triggers: [{ id: 'post-login', version: 'v3' }] };
const described = (change: Readonly<Record<string, unknown>>): ReturnType<typeof readDescription> => readDescription(JSON.stringify({ ...ENTRY, ...change }));

/** Far more than any text takes, far less than a cost that grows with the square of it. */
const LONGEST_MS = 20_000;

/** Of this process alone: other work on the machine does not count. */
function milliseconds(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

describe('the description of an action', () => {
  it('is read without the values of secrets', () => {
    assert.deepEqual(readDescription(JSON.stringify(ENTRY, undefined, 2)), READ);
  });

  it('has the path of its code, however it is written', () => {
    assert.deepEqual(['actions\\one\\code.js', 'actions//one/./code.js', 'x/../actions/one/code.js'].map(code => described({ code })?.code), Array<string>(3).fill('actions/one/code.js'));
  });

  it('has no code where the path leads out of its folder', () => {
    assert.deepEqual(['../outside.js', 'actions/../../outside.js', '..\\outside.js', 'a/'.repeat(9000)].map(code => described({ code })?.code), ['', '', '', '']);
  });

  it('keeps marks as they are, with quotes or without', () => {
    const json = '{ "name": "##STAGE##-enrich \\"@@X@@\\"", "deployed": @@DEPLOYED@@, "secrets": [{ "name": "##STAGE##_KEY", "value": @@KEY@@ }, ##MORE##], "supported_triggers": [{ "id": "post-login", "version": "##VERSION##" }] }';
    assert.deepEqual(readDescription(json), { name: '##STAGE##-enrich "@@X@@"', dependencies: [], secrets: ['##STAGE##_KEY'], triggers: [{ id: 'post-login', version: '##VERSION##' }] });
  });

  it('is none without a name and a trigger, or where it is something else', () => {
    for (const json of ['', 'null', '[]', '3', '{', '{"a": ', '"text"', JSON.stringify({ name: 'workflow', on: ['push'] }), JSON.stringify([ENTRY])]) {
      assert.equal(readDescription(json), undefined, json);
    }
    for (const change of [{ name: undefined }, { name: 7 }, { name: '' }, { name: 'x'.repeat(400) }, { supported_triggers: '@@TRIGGERS@@' }, { supported_triggers: [] }, { supported_triggers: [7, null, { version: 'v3' }] }]) {
      assert.equal(described(change), undefined, JSON.stringify(change).slice(0, 80));
    }
  });

  it('leaves out what has another type than it should have', () => {
    const odd = described({ code: { x: 1 }, runtime: 22, dependencies: { lodash: '4' }, secrets: '@@SECRETS@@', supported_triggers: [null, { id: 'post-login', version: 3 }] });
    assert.deepEqual(odd, { name: 'Enrich profile', dependencies: [], secrets: [], triggers: [{ id: 'post-login' }] });
    assert.deepEqual(described({ secrets: [null, 'A', {}, { name: 3 }, { name: 'B' }, { name: 'B' }, { name: 'C'.repeat(301) }] })?.secrets, ['B']);
  });

  it('is read from a text of the largest size within moments, whatever stands there', () => {
    const size = 200_000;
    for (const piece of ['[', '{"a":', '"', '\\"', '"\\', '@@', '##A', '@@A@@,', '"##A##",']) {
      const took = milliseconds(() => assert.equal(readDescription(piece.repeat(size / piece.length)), undefined, piece));
      assert.ok(took < LONGEST_MS, `${piece} took ${took} ms`);
    }
  });
});

describe('the actions of a tenant.yaml', () => {
  it('are those of its list', () => {
    assert.deepEqual(readList({ actions: [ENTRY, { ...ENTRY, name: undefined }, 'x'], rules: [] }), [READ]);
    for (const value of [undefined, null, 'text', [], {}, { actions: null }, { actions: 'text' }, { actions: {} }]) {
      assert.deepEqual(readList(value), []);
    }
  });

  it('are read from YAML, with anchors, merges and marks', () => {
    const yaml = `# kept by hand
tenant:
  friendly_name: '##STAGE## tenant'
  flags: @@FLAGS@@
trigger: &login
  id: post-login
  version: v3
actions:
  - name: ##STAGE##-enrich
    code: ./actions/enrich/code.js
    runtime: node22
    dependencies: [{ name: lodash, version: 4.17.21 }, ##MORE##]
    secrets:
      - name: CRM_KEY
        value: ##CRM_KEY##
    supported_triggers: [*login]
  - name: second
    code: .\\actions\\second\\code.js
    secrets: @@SECRETS@@
    supported_triggers:
      - <<: *login
        version: v2
`;
    assert.deepEqual(readTenantFile(yaml), [
      { ...READ, name: '##STAGE##-enrich', code: 'actions/enrich/code.js' },
      { name: 'second', code: 'actions/second/code.js', dependencies: [], secrets: [], triggers: [{ id: 'post-login', version: 'v2' }] },
    ]);
  });

  it('are read where marks stand in strings', () => {
    const yaml = 'text: "one, ##TWO##"\nactions:\n  - name: first\n    supported_triggers: [{ id: post-login, version: v3 }]\n';
    assert.deepEqual(readTenantFile(yaml).map(one => one.name), ['first']);
  });

  it('are none where it is broken, and nothing grows out of it', () => {
    const bomb = `a0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}, *a${index}]`).join('\n')}\nactions: *a40\n`;
    const itself = 'actions: &a\n  - *a\n';
    for (const yaml of ['', 'actions: [', '\t- x', '%', 'actions: !!js/function "x"', bomb, itself, `actions: ${'['.repeat(5000)}`]) {
      assert.deepEqual(readTenantFile(yaml), [], yaml.slice(0, 40));
    }
  });

  it('are as many as the file has, however often it names each', () => {
    const yaml = `d: &d { name: a, version: b }\nl: &l [${'*d,'.repeat(900)} *d]\nx: &x { name: n, supported_triggers: [{ id: post-login }], dependencies: *l }\nactions: [${'*x,'.repeat(1500)} *x]\n`;
    assert.deepEqual(readTenantFile(yaml).map(one => [one.name, one.dependencies.length]), [['n', 100]]);
  });

  it('are read from a text of the largest size within moments, whatever stands there', () => {
    const size = 2_000_000;
    for (const piece of ['[', '- ', '{a: ', '"', "'", '@@A', ': ##A##', '- x\n', '&a ', '*a ', '? ', 'a: &a\n', '  ', '|\n', '#']) {
      const took = milliseconds(() => assert.deepEqual(readTenantFile(`actions:\n  ${piece.repeat(size / piece.length)}`), [], piece));
      assert.ok(took < LONGEST_MS, `${piece} took ${took} ms`);
    }
  });
});
