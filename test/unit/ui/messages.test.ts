/** What is said in notifications and dialogs: no text of a tenant becomes a link there. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { workspace } from 'vscode';
import { named, noTenant, tellsEnd, withoutLinks } from '../../../src/ui/messages.ts';

/** How VS Code finds links in such texts. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)\3)?\)/giu;

describe('messages', () => {
  it('hold no links, whatever a name holds', () => {
    const evil = '[why](command:auth0Actions.deploy?[{"tenant":"t","action":"x"}])';
    assert.ok(LINK.test(evil));
    LINK.lastIndex = 0;
    assert.equal(withoutLinks(`${evil} v1 is live.`).match(LINK), null);
    const parts = fc.array(fc.constantFrom('[', ']', '(', ')', 'command:x', 'https://x', 'a', ' '), { maxLength: 30 });
    fc.assert(fc.property(parts, list => {
      assert.equal(withoutLinks(list.join('')).match(LINK), null);
    }));
  });

  it('name their tenant, if need be behind the text', () => {
    assert.equal(named({ name: 'acme-dev' }, 'v8 is live in acme-dev.'), 'v8 is live in acme-dev.');
    assert.equal(named({ name: 'acme-dev' }, 'It failed.'), 'It failed. (acme-dev)');
    assert.equal(named(noTenant, 'No deployment is running.'), 'No deployment is running.');
  });

  it('are otherwise left as they are', () => {
    assert.equal(withoutLinks('enrich-profile [beta] (v3) is live.'), 'enrich-profile [beta] (v3) is live.');
  });
});

describe('ends of deployments and builds', () => {
  for (const [setting, told] of [['failures', [false, true]], ['all', [true, true]], ['none', [false, false]], [undefined, [false, true]]] as const) {
    it(`are told in a notification as the setting ${setting ?? 'that nobody has changed'} says`, () => {
      Object.assign(workspace, { getConfiguration: (section: string) => ({ get: (name: string, otherwise: unknown) => (section === 'auth0Actions' && name === 'notifications' ? setting ?? otherwise : undefined) }) });
      assert.deepEqual([tellsEnd('success'), tellsEnd('failure')], told);
    });
  }
});
