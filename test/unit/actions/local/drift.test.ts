/** How file, draft and live version differ: every combination that there is. */
import assert from 'node:assert/strict';
import { driftOf, hasDrift, stepOf } from '../../../../src/actions/local/drift.ts';
import type { DriftFacts } from '../../../../src/actions/local/drift.ts';

/** `file draft live`, with `-` for one that is not there; then what file and draft were the same as. */
function facts(codes: string, bases = '', change: Partial<DriftFacts> = {}): DriftFacts {
  const [file = '-', draft = '-', live = '-'] = codes.split(' ');
  return {
    ...(file === '-' ? {} : { file }),
    ...(draft === '-' ? {} : { draft }),
    ...(live === '-' ? {} : { live }),
    bases: bases === '' ? [] : bases.split(' '),
    allDeployed: draft === live,
    liveIsNewer: false,
    ...change,
  };
}

const words = (one: DriftFacts): string => {
  const drift = driftOf(one);
  return `${drift.file} ${drift.live}${drift.fileIsLive ? ' fileIsLive' : ''} ${stepOf(drift) ?? 'look'}`;
};

/** Which of three codes are equal, with each of them there or not, against what both were last the same as. */
const EXPECTED: Readonly<Record<string, string>> = {
  'a a a': 'same same fileIsLive look',
  'a a b': 'same draftAhead deploy',
  'a a -': 'same neverDeployed deploy',
  'a b a': 'unrelated draftAhead fileIsLive look',
  'a b b': 'unrelated same look',
  'a b c': 'unrelated draftAhead look',
  'a b -': 'unrelated neverDeployed look',
  'a - -': 'noAction noAction look',
  '- a a': 'noFile same look',
  '- a b': 'noFile draftAhead look',
  '- a -': 'noFile neverDeployed look',
  '- - -': 'noFile noAction look',
};

describe('the drift of a file, its draft and what is live', () => {
  for (const [codes, expected] of Object.entries(EXPECTED)) {
    it(`${codes}: ${expected}`, () => {
      assert.equal(words(facts(codes)), expected);
    });
  }

  for (const live of ['a', 'b', 'c', '-']) {
    const rest = live === '-' ? 'neverDeployed' : live === 'b' ? 'same' : 'draftAhead';
    const isLive = live === 'a' ? ' fileIsLive' : '';
    it(`has a direction where file and draft were once the same, with ${live} live`, () => {
      assert.equal(words(facts(`a b ${live}`, 'b')), `fileAhead ${rest}${isLive} push`);
      assert.equal(words(facts(`a b ${live}`, 'a')), `draftAhead ${rest}${isLive} pull`);
      assert.equal(words(facts(`a b ${live}`, 'd')), `conflict ${rest}${isLive} look`);
    });
  }

  it('takes a file whose push may not have arrived for what is still to be pushed', () => {
    assert.equal(words(facts('a b b', 'b a')), 'fileAhead same push');
  });

  it('needs no base where file and draft are the same, whatever they were before', () => {
    assert.equal(words(facts('a a a', 'z')), 'same same fileIsLive look');
  });

  it('sees what of a draft is not live beside its code, and what is live since its last change', () => {
    assert.equal(words(facts('a a a', 'a', { allDeployed: false })), 'same draftAhead fileIsLive deploy');
    assert.equal(words(facts('a a b', 'a', { liveIsNewer: true })), 'same otherLive look');
    assert.equal(words(facts('a a a', 'a', { liveIsNewer: true })), 'same same fileIsLive look', 'each deploy is newer than its draft');
  });

  it('is none only where all three are the same', () => {
    assert.deepEqual(Object.keys(EXPECTED).filter(codes => !hasDrift(driftOf(facts(codes)))), ['a a a']);
  });
});
