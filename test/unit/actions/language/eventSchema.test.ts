/** The schema of event files: every sample passes it, what is misspelled does not, and every method can be expected. */
import assert from 'node:assert/strict';
import Ajv from 'ajv';
import { eventSchema, methodsOf } from '../../../../src/actions/language/eventSchema.ts';
import type { SchemaWords } from '../../../../src/actions/language/eventSchema.ts';
import { knownTriggers, triggerFacts } from '../../../../src/actions/language/facts.ts';
import { sampleEvent } from '../../../../src/actions/runs/events.ts';
import type { TriggerRef } from '../../../../src/auth0/api.ts';
import { asObject, parseJson } from '../../../../src/auth0/json.ts';
import { schemaAddress } from '../../../../src/ui/eventSchemas.ts';
import { eventSchemaText, offerText } from '../../../../src/ui/language/eventSchemaText.ts';

const WORDS: SchemaWords = {
  title: trigger => `Event ${trigger}`, schema: 'schema', secrets: 'secrets', continue: 'continue', expect: 'expect', calls: 'calls', method: 'method', args: 'args', exactly: 'exactly', noCalls: 'noCalls', error: 'error', deprecated: 'deprecated',
  describe: path => (path === 'event.user.user_id' ? 'the id' : undefined),
};

const validator = new Ajv({ allErrors: true });

/** What a validator says of a value, as paths and keywords. */
function problems(triggers: readonly TriggerRef[], value: unknown): string[] {
  const validate = validator.compile(eventSchema(triggers, WORDS));
  return validate(value) === true ? [] : (validate.errors ?? []).map(({ dataPath, keyword }) => `${dataPath} ${keyword}`);
}

const POST_LOGIN: readonly TriggerRef[] = [{ id: 'post-login', version: 'v3' }];

describe('the schema of an event', () => {
  it('is a schema for each of the 26 versions of triggers, in which the sample of a trigger is right', () => {
    assert.equal(knownTriggers().length, 26);
    for (const trigger of knownTriggers()) {
      const schema = eventSchema([trigger], WORDS);
      assert.equal(validator.validateSchema(schema), true, trigger.id);
      assert.equal(schema['title'], `Event ${trigger.id} ${trigger.version}`);
      assert.ok(Object.keys(asObject(schema['properties'])).length > 4, trigger.id);
    }
    // Samples are those of the newest version.
    for (const id of new Set(knownTriggers().map(trigger => trigger.id))) {
      assert.deepEqual(problems([{ id }], parseJson(sampleEvent([id]))), [], id);
    }
  });

  it('finds what is misspelled, of another type, or a secret', () => {
    assert.deepEqual(problems(POST_LOGIN, { client: { nmae: 'x' } }), ['.client additionalProperties']);
    assert.deepEqual(problems(POST_LOGIN, { usr: {} }), [' additionalProperties']);
    assert.deepEqual(problems(POST_LOGIN, { user: { email: 1, identities: [{ isSocial: 'yes' }] } }), ['.user.email type', '.user.identities[0].isSocial type']);
    assert.deepEqual(problems(POST_LOGIN, { stats: { logins_count: 'x' } }), ['.stats.logins_count type']);
    assert.deepEqual(problems(POST_LOGIN, { secrets: { KEY: 'x' } }), ['.secrets maxProperties']);
    assert.deepEqual(problems(POST_LOGIN, { user: { app_metadata: { whatever: [1] } }, client: { metadata: { a: 'b' } } }), []);
  });

  it('knows what is expected, and what changes with a redirect', () => {
    assert.deepEqual(problems(POST_LOGIN, { $schema: 'x', expect: { calls: [{ method: 'api.access.deny', args: ['no'] }], exactly: true, noCalls: ['api.cache.get'], error: 'text' }, continue: { request: { query: { state: 'x' } } } }), []);
    assert.deepEqual(problems(POST_LOGIN, { expect: { calls: [{ method: 'api.access.dney' }, {}], exact: true, error: 1 }, continue: { usr: {} } }), ['.expect additionalProperties', ".expect.calls[0].method enum", ".expect.calls[1] required", '.expect.error type', '.expect.error type', '.expect.error anyOf', '.continue additionalProperties']);
    assert.deepEqual(problems(POST_LOGIN, { continue: { user: { email: 1 }, secrets: { a: 'b' } } }), ['.continue.user.email type', '.continue.secrets maxProperties']);
    const facts = triggerFacts(POST_LOGIN);
    assert.ok(facts);
    const methods = methodsOf(facts);
    assert.ok(['api.access.deny', 'api.redirect.validateToken', 'api.user.setAppMetadata', 'api.cache.set'].every(method => methods.includes(method)), methods.join());
    assert.deepEqual(problems([{ id: 'mcp-tool' }], { expect: { calls: [{ method: 'api.anything' }] } }), [], 'where nobody has published the methods, any will do');
  });

  it('is one of what is ours alone for a trigger that is not known', () => {
    for (const triggers of [[], [{ id: 'no-such' }], [{ id: 'post-login', version: 'v9' }], [{ id: 'constructor' }], [{ id: '__proto__' }]]) {
      assert.deepEqual(problems(triggers, { anything: 1, continue: { more: 2 } }), []);
      assert.deepEqual(problems(triggers, { expect: 1 }), ['.expect type']);
    }
  });

  it('has words where there are some', () => {
    const text = JSON.stringify(eventSchema(POST_LOGIN, WORDS));
    assert.match(text, /"user_id":\{"type":"string","description":"the id"/u);
    assert.match(eventSchemaText(POST_LOGIN), /What your systems keep about the user/u);
    for (const trigger of knownTriggers()) {
      assert.ok(eventSchemaText([trigger]).length < 100_000, trigger.id);
    }
  });

  it('has an address by the names of trigger and version, whatever a tenant calls them', () => {
    assert.equal(schemaAddress(POST_LOGIN), 'auth0-actions-schema://event/post-login/v3.json');
    assert.equal(schemaAddress([{ id: 'post-login' }]), 'auth0-actions-schema://event/post-login.json');
    for (const triggers of [[], [{ id: '../x' }], [{ id: 'a', version: '1' }], [{ id: 'A b', version: 'v1' }], [{ id: '' }]]) {
      assert.equal(schemaAddress(triggers), 'auth0-actions-schema://event/any.json');
    }
  });

  it('is offered for any file, in which that finds nothing wrong', () => {
    const offer = parseJson(offerText()) as object;
    const validate = validator.compile(offer);
    for (const value of [{ expect: 1, secrets: { a: 'b' }, $schema: 7 }, [], 'x', null, { $schema: schemaAddress(POST_LOGIN) }]) {
      assert.equal(validate(value), true);
    }
    assert.ok(offerText().includes(schemaAddress(POST_LOGIN)));
  });
});
