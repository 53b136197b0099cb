/** What a deploy reaches, in words that are true of each kind of trigger. */
import assert from 'node:assert/strict';
import type { Reach } from '../../../src/actions/reach.ts';
import { reachLines, reachWords } from '../../../src/ui/reachWords.ts';

function reach(triggerId: string, ...ids: string[]): Reach {
  return { triggerId, flow: { entityBound: false, bindings: ids.map((actionId, index) => ({ id: `b${index}`, triggerId, actionId })) } };
}

const UNKNOWN: Reach = { triggerId: 'post-login' };
const BOUND: Reach = { triggerId: 'event-stream', flow: { entityBound: true, bindings: [] } };

const CASES: readonly (readonly [string, readonly Reach[], readonly string[], string])[] = [
  ['a place in the login flow', [reach('post-login', 'x', 'a', 'y')], ['Post Login flow: place 2 of 3. Logins run it.'], 'place 2 of 3'],
  ['several places', [reach('post-login', 'a', 'x', 'a')], ['Post Login flow: places 1, 3 of 3. Logins run it.'], 'places 1, 3 of 3'],
  ['no place, so that no login runs it', [reach('post-login', 'x')], ['Not in any flow, so no login runs it.'], 'not in any flow'],
  ['no place where logins play no part', [reach('credentials-exchange')], ['Not in any flow, so nothing runs it.'], 'not in any flow'],
  ['a flow of machines', [reach('credentials-exchange', 'a')], ['Credentials Exchange flow: place 1 of 1. Machine-to-machine token requests run it.'], 'place 1 of 1'],
  ['a flow of sign-ups', [reach('pre-user-registration', 'a')], ['Pre User Registration flow: place 1 of 1. Sign-ups run it.'], 'place 1 of 1'],
  ['a flow that nobody has heard of', [reach('mind-reading', 'a')], ['Mind Reading flow: place 1 of 1.'], 'place 1 of 1'],
  ['an entity that binds it', [BOUND], ['Event Stream: bound where it is used, without a flow.'], 'bound where it is used, without a flow'],
  ['what is not known', [UNKNOWN], ['Post Login flow: not known, it could not be read in time.'], 'flow not known'],
  ['one flow known and one not', [UNKNOWN, reach('credentials-exchange')], ['Post Login flow: not known, it could not be read in time.'], 'flow not known'],
  ['one flow with it and one without', [reach('post-login', 'x'), reach('credentials-exchange', 'a')], ['Credentials Exchange flow: place 1 of 1. Machine-to-machine token requests run it.'], 'place 1 of 1'],
];

describe('the words for what a deploy reaches', () => {
  for (const [what, flows, lines, words] of CASES) {
    it(`say ${what}`, () => {
      assert.deepEqual(reachLines(flows, 'a'), lines);
      assert.equal(reachWords(flows, 'a'), words);
    });
  }
});
