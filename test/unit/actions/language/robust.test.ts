/** Code as it should not be: nothing throws, nothing takes long, whatever stands there. */
import assert from 'node:assert/strict';
import { knownTriggers } from '../../../../src/actions/language/facts.ts';
import { callAt, complete, explain } from '../../../../src/actions/language/index.ts';
import { tokenize } from '../../../../src/actions/language/tokens.ts';

const facts = { triggers: [{ id: 'post-login', version: 'v3' }], secrets: ['KEY'], besideFiles: true };
/** Far more than any answer takes, far less than a cost that grows with the square of the code. */
const LONGEST_MS = 20_000;

/** Numbers that are the same in every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const random = numbers(20);
const below = (end: number): number => Math.floor((random.next().value as number) * end);
const PIECES = ['exports.onExecutePostLogin = async (event, api) => {', 'event', 'api', '.', '?.', '(', ')', '[', ']', '{', '}', '${', '`', "'", '"', '/', '//', '/*', '*/', '=>', '=', ',', ';', '\n', ' ', 'const ', 'for (', ' of ', 'catch (e) {', 'function ', 'user', 'identities', '.map(x => x', 'secrets', "['user']", '...', 'await ', '??', '===', '\\', '#', '\u2028', '\ud800', '1', '0.', ':', 'onExecutePostLogin', 'module.exports'];

function askEverything(code: string, offset: number): void {
  complete(code, offset, facts);
  explain(code, offset, facts);
  callAt(code, offset, facts);
}

/** Of this process alone: other work on the machine does not count. */
function milliseconds(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

describe('answers about broken code', () => {
  it('never fail, and stay within the code', () => {
    for (let round = 0; round < 4000; round += 1) {
      const code = Array.from({ length: below(40) }, () => PIECES[below(PIECES.length)]).join('');
      const offset = below(code.length + 1);
      for (const { from, to } of complete(code, offset, facts)) {
        assert.ok(from >= 0 && from <= offset && offset <= to && to <= code.length, JSON.stringify([code, offset, from, to]));
      }
      const word = explain(code, offset, facts);
      assert.ok(word === undefined || (word.from <= offset && offset <= word.to), JSON.stringify([code, offset]));
      callAt(code, offset, facts);
    }
  });

  it('never fail outside of the code', () => {
    for (const offset of [-5, 0, 1, 99, Number.NaN]) {
      askEverything('', offset);
      askEverything('event.', offset);
    }
  });

  for (const [what, piece, start = '', end = ''] of [
    ['open brackets', '('],
    ['open braces', '{'],
    ['open brackets of all kinds', '([{`${'],
    ['closing brackets', ')]}', '((('],
    ['closing brackets that nothing opened', '}', '('],
    ['open classes in regular expressions', '/['],
    ['slashes', '/ '],
    ['templates', '`${`'],
    ['arrow functions', 'a=>'],
    ['nested functions', 'function f(event){'],
    ['nested patterns', '{a:', 'const '],
    ['a chain of members', '.user', 'event'],
    ['a chain of items', '[0]', 'event'],
    ['a chain of calls', '.idToken.setCustomClaim()', 'api'],
    ['a chain in brackets', '(', '', 'event'],
    ['names of names', 'const a=a.b;'],
    ['names one after the other', 'const event=(event).user,', 'exports.onExecutePostLogin=(event)=>{'],
    ['lists of lists', '.map(x=>x', 'event.user.identities'],
    ['types in a comment', '@typedef {', '/** ', '*/'],
    ['imported types in a comment', '@import {', '/** ', '*/'],
    ['types of parameters in a comment', '@param {import(', '/** ', '*/'],
    ['backslashes', '\\'],
    ['dots', '.'],
    ['commas in a declaration', 'a,', 'const '],
    ['assignments', 'onExecutePostLogin=a;'],
  ] as const) {
    it(`do not take long: ${what}`, () => {
      const code = `exports.onExecutePostLogin = async (event, api) => {\n${start}${piece.repeat(Math.ceil(100_000 / piece.length))}${end}`;
      const took = milliseconds(() => askEverything(`${code}.`, code.length + 1)) + milliseconds(() => askEverything(code, code.length >> 1));
      assert.ok(took < LONGEST_MS, `${took} ms`);
    });
  }
});

describe('the words of a script', () => {
  it('cover it, in order, with brackets in pairs', () => {
    for (let round = 0; round < 1000; round += 1) {
      const code = Array.from({ length: below(30) }, () => PIECES[below(PIECES.length)]).join('');
      const { list, pair } = tokenize(code);
      let end = 0;
      for (const [index, token] of list.entries()) {
        assert.ok(token.start >= end && token.end > token.start || token.kind === 'template', JSON.stringify([code, token]));
        assert.equal(code.slice(token.start, token.end), token.text);
        end = token.end;
        const other = pair[index] ?? -1;
        assert.ok(other < 0 || pair[other] === index, code);
      }
    }
  });
});

describe('what is known of triggers', () => {
  it('can be read for every version, and gives members of event', () => {
    const triggers = knownTriggers();
    assert.ok(triggers.length >= 26, `${triggers.length}`);
    for (const trigger of triggers) {
      const code = 'exports.onExecutePostLogin = exports.onExecuteCredentialsExchange = run;\nfunction run(event, api) {\n  event.';
      assert.ok(complete(code, code.length, { triggers: [trigger], secrets: [] }).length > 0, `${trigger.id} ${trigger.version}`);
    }
  });
});
