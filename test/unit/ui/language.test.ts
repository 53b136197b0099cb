/** Which action the code of a document belongs to, and that every description is about something there is. */
import assert from 'node:assert/strict';
import { Uri } from 'vscode';
import { knownTriggers, memberOf, membersOf, itemOf, triggerFacts } from '../../../src/actions/language/facts.ts';
import type { TriggerFacts, Value } from '../../../src/actions/language/facts.ts';
import { API } from '../../../src/actions/language/types.ts';
import { DocumentFacts } from '../../../src/ui/language/actionFacts.ts';
import { describe as describePath, describedPaths } from '../../../src/ui/language/descriptions.ts';
import { documentUri, draftUri, versionUri } from '../../../src/ui/uris.ts';
import { TENANT, stateOver } from '../support/appState.ts';
import { action, version } from '../support/things.ts';

const secret = (name: string): { name: string } => ({ name });

describe('what a document belongs to', () => {
  const draft = { uri: draftUri(TENANT, 'a', 'first') };
  const first = { uri: versionUri(TENANT, 'a', 1, 'first') };

  it('is what was read for it, until the list says it newer', async () => {
    const state = stateOver({ listActions: () => Promise.resolve({ items: [action('a', { secrets: [secret('NEW')] })], total: 1 }) });
    const facts = new DocumentFacts(state);
    const tenant = state.registry.find(TENANT);
    assert.ok(tenant);
    assert.equal(facts.of(draft), undefined);
    facts.draft(tenant, action('a', { secrets: [secret('OLD')] }));
    assert.deepEqual(facts.of(draft), { triggers: [{ id: 'post-login', version: 'v3' }], secrets: ['OLD'] });
    await state.catalog(TENANT).load();
    assert.deepEqual(facts.of(draft)?.secrets, ['NEW']);
  });

  it('of a version is what that version had', () => {
    const state = stateOver({});
    const facts = new DocumentFacts(state);
    const tenant = state.registry.find(TENANT);
    assert.ok(tenant);
    facts.version(tenant, 'a', version(1, { secrets: [secret('THEN')], triggers: [{ id: 'post-login', version: 'v2' }] }));
    assert.deepEqual(facts.of(first), { triggers: [{ id: 'post-login', version: 'v2' }], secrets: ['THEN'] });
    assert.equal(facts.of(draft), undefined);
  });

  it('is nothing for settings, for other documents, and for a tenant that is gone', async () => {
    const state = stateOver({});
    const facts = new DocumentFacts(state);
    const tenant = state.registry.find(TENANT);
    assert.ok(tenant);
    facts.draft(tenant, action('a'));
    assert.equal(facts.of({ uri: documentUri({ tenantId: TENANT, actionId: 'a', part: 'settings' }, 'first') }), undefined);
    assert.equal(facts.of({ uri: Uri.file('/project/first.js') }), undefined);
    await state.registry.disconnect(TENANT);
    assert.equal(facts.of(draft), undefined);
  });
});

/** Every path below a value, down to what repeats itself. */
function pathsBelow(value: Value, facts: TriggerFacts, into: Set<string>): void {
  if (into.has(value.path) || value.path.split('.').length > 9) {
    return;
  }
  into.add(value.path);
  const list = value.type.kind === 'array' ? itemOf(value, facts) : undefined;
  if (list !== undefined) {
    pathsBelow(list, facts, into);
  }
  if (value.type.kind === 'function') {
    for (const { type } of value.type.signatures.flatMap(one => one.params)) {
      membersOf({ type, path: '' }, facts).forEach(member => into.add(`.${member.name}`));
    }
  }
  for (const member of membersOf(value, facts)) {
    const below = memberOf(value, member.name, facts);
    if (below !== undefined) {
      pathsBelow(below.value, facts, into);
    }
  }
}

describe('descriptions', () => {
  it('are each about a member that there is', () => {
    const paths = new Set<string>();
    for (const trigger of knownTriggers()) {
      const facts = triggerFacts([trigger]);
      assert.ok(facts);
      const found = new Set<string>();
      pathsBelow({ type: facts.event, path: 'event' }, facts, found);
      for (const handler of facts.handlers.keys()) {
        pathsBelow({ type: API, path: 'api', handler }, facts, found);
      }
      found.forEach(path => paths.add(path));
    }
    const ends = [...paths].map(path => `.${path}`);
    assert.deepEqual(describedPaths().filter(key => !ends.some(path => path.endsWith(`.${key}`))), []);
  });

  it('are found by the end of a path, the longest first', () => {
    assert.match(describePath('event.user.identities[].isSocial') ?? '', /social provider/u);
    assert.match(describePath('event.session.expires_at') ?? '', /session ends/u);
    assert.match(describePath('api.cache.get().expires_at') ?? '', /milliseconds/u);
    assert.equal(describePath('event.user.name'), undefined);
    assert.equal(describePath(''), undefined);
  });
});
