/** The code of the demo's actions while it is typed, and when it is there. */
import assert from 'node:assert/strict';
import { complete, explain } from '../../../../src/actions/language/index.ts';
import type { ActionFacts } from '../../../../src/actions/language/index.ts';
import { demoSeed } from '../../../../src/simulator/seeds/demo.ts';

const actions = [...demoSeed(Date.UTC(2026, 5, 1), 0).actions.values()];

describe('the code of an action', () => {
  for (const action of actions) {
    const facts: ActionFacts = { triggers: action.draft.triggers, secrets: action.draft.secrets.map(secret => secret.name) };
    const code = typeof action.draft.code === 'string' ? action.draft.code : action.draft.code();

    it(`of ${action.name} is understood alike while it is typed and when it is whole`, () => {
      const dots = [...code.matchAll(/\b(?:event|api)\b[\w?.]*?(?:\?\.|\.)/gu)].map(match => match.index + match[0].length);
      assert.ok(dots.length > 0);
      for (const offset of dots) {
        const shape = (text: string): unknown => complete(text, offset, facts).map(({ name, from, path }) => [name, from, path]);
        assert.deepEqual(shape(code.slice(0, offset)), shape(code), code.slice(0, offset).split('\n').at(-1));
        assert.deepEqual(shape(`${code.slice(0, offset)}\n};\n`), shape(code));
      }
    });

    it(`of ${action.name} is explained wherever it uses event and api`, () => {
      const uses = [...code.matchAll(/\b(?:event|api)(?:\??\.(?!\[)(?:user|request|secrets|access|idToken|accessToken|multifactor|authentication|stats|client)\b)(?:\??\.[A-Za-z]\w*)?/gu)];
      assert.ok(uses.length > 0);
      for (const use of uses) {
        assert.ok(explain(code, use.index + use[0].length - 1, facts) !== undefined, use[0]);
      }
    });
  }
});
