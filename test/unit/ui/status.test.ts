/** What the status bar says, and the words around deployments. */
import assert from 'node:assert/strict';
import type { Deployment, FailureReason, Outcome, Phase } from '../../../src/actions/deployment.ts';
import { needsLook, statusLook } from '../../../src/ui/status/statusLook.ts';
import { elapsedWords, outcomeSentence, outcomeWords, triggerWords, whenWords } from '../../../src/ui/words.ts';
import { tenant } from './drawTree.ts';

const NOW = 1_000_000;
const ref = tenant({ actions: [] });

function deployment(change: Partial<Deployment> = {}, phase: Phase = 'building'): Deployment {
  return { id: '1', tenant: ref, actionId: 'a', actionName: 'enrich-profile', startedAt: NOW - 9000, phases: [{ phase, startedAt: NOW - 7000 }], ...change };
}

function ended(outcome: Outcome, name = 'enrich-profile'): Deployment {
  return deployment({ outcome, endedAt: NOW, actionName: name });
}

function text(running: readonly Deployment[], finished: readonly Deployment[] = [], tenants: readonly string[] = ['acme-dev']): string | undefined {
  return statusLook({ now: NOW, running, ended: finished, tenants })?.text;
}

describe('the status bar', () => {
  it('follows one deployment through its phases', () => {
    assert.equal(text([deployment()]), '$(sync~spin) enrich-profile: building 0:07');
    assert.equal(text([deployment({ draftStatus: 'retrying' })]), '$(sync~spin) enrich-profile: build retrying 0:07');
    assert.equal(text([deployment({}, 'deploying')]), '$(sync~spin) enrich-profile: deploying');
    assert.equal(text([deployment({}, 'confirming')]), '$(sync~spin) enrich-profile: confirming');
  });

  it('counts several', () => {
    assert.equal(text([deployment(), deployment({ id: '2' }), deployment({ id: '3' })]), '$(sync~spin) 3 deployments');
  });

  it('says how it ended, and goes back to the tenant', () => {
    assert.equal(text([], [ended({ kind: 'live', version: 8 })]), '$(check) enrich-profile v8 live');
    assert.equal(text([], [ended({ kind: 'stopped', sent: false })]), '$(debug-stop) enrich-profile: stopped, nothing sent');
    assert.equal(text([], []), '$(organization) acme-dev');
    assert.equal(text([], [], ['a', 'b']), '$(organization) 2 tenants');
    assert.equal(text([], [], []), undefined);
  });

  it('names the tenant where there are several, as far as it is one', () => {
    const both = ['acme-dev', 'shop'];
    assert.equal(text([deployment()], [], both), '$(sync~spin) enrich-profile: building 0:07 · acme-dev');
    assert.equal(text([], [ended({ kind: 'live', version: 8 })], both), '$(check) enrich-profile v8 live · acme-dev');
    assert.equal(text([], [ended({ kind: 'unconfirmed' })], both), '$(question) enrich-profile: not confirmed · acme-dev');
    assert.equal(text([deployment(), deployment({ id: '2' })], [], both), '$(sync~spin) 2 deployments · acme-dev');
    assert.equal(text([deployment(), deployment({ id: '2', tenant: { ...ref, id: 'shop', name: 'shop' } })], [], both), '$(sync~spin) 2 deployments');
  });

  it('keeps a failure, with the error background, until somebody looks', () => {
    const failed = ended({ kind: 'failed', reason: 'buildFailed', errors: [], live: 7 });
    const look = statusLook({ now: NOW, running: [], ended: [failed], tenants: ['acme-dev'] });
    assert.equal(look?.text, '$(error) enrich-profile: build failed');
    assert.equal(look.background, 'error');
    assert.equal(needsLook(failed), true);
    assert.equal(needsLook(ended({ kind: 'live', version: 1 })), false);
    assert.equal(needsLook(ended({ kind: 'unconfirmed' })), true);
  });

  it('has tenant, action, version and each phase with its time in the tooltip', () => {
    const one = deployment({ version: 8, endedAt: NOW, outcome: { kind: 'live', version: 8 }, phases: [{ phase: 'reading', startedAt: NOW - 9000, endedAt: NOW - 8000 }, { phase: 'building', startedAt: NOW - 8000, endedAt: NOW }] });
    assert.deepEqual(statusLook({ now: NOW, running: [], ended: [one], tenants: [] })?.tooltip, ['acme-dev · enrich-profile v8 · v8 live', 'reading 1.0 s', 'building 8.0 s', '9.0 s in all']);
  });

  it('draws no icon that a name asks for', () => {
    assert.equal(text([deployment({ actionName: '$(flame) x' })]), '$(sync~spin) \\$(flame) x: building 0:07');
  });
});

describe('sentences', () => {
  const reasons: readonly FailureReason[] = ['buildFailed', 'buildTimeout', 'draftChanged', 'unreachable', 'refused', 'notDeployed', 'notLive', 'overtaken', 'otherContent', 'actionGone', 'versionFailed', 'liveChanged', 'versionGone', 'versionUnusable', 'interrupted', 'takenOver'];
  it('name action and tenant, whatever happened', () => {
    const outcomes: Outcome[] = [
      { kind: 'live', version: 8 }, { kind: 'stopped', sent: true }, { kind: 'stopped', sent: false }, { kind: 'stopped', sent: false, saved: true }, { kind: 'unconfirmed' }, { kind: 'live', version: 8, byOther: true }, { kind: 'live', version: 9, byOther: true, made: 8 },
      { kind: 'failed', reason: 'notLive', errors: [], live: 7 }, { kind: 'failed', reason: 'actionGone', errors: [] }, { kind: 'failed', reason: 'notDeployed', errors: [], live: 9, otherLive: true },
      ...reasons.map((reason): Outcome => ({ kind: 'failed', reason, errors: [], live: 7, version: 8 })),
    ];
    const sentences = outcomes.map(outcome => outcomeSentence(deployment(), outcome, 'It broke.'));
    assert.equal(new Set(sentences).size, outcomes.length);
    for (const sentence of sentences) {
      assert.match(sentence, /enrich-profile/u);
      assert.match(sentence, /acme-dev/u);
      assert.doesNotMatch(sentence, /\{\d\}|!/u);
    }
    assert.match(outcomeSentence(deployment(), { kind: 'failed', reason: 'buildFailed', errors: [], live: 7 }, undefined), /v7 is still live\.$/u);
  });

  it('say what is live only where somebody has read it', () => {
    const sentence = (outcome: Outcome): string => outcomeSentence(deployment(), outcome, 'It broke.');
    assert.doesNotMatch(sentence({ kind: 'failed', reason: 'unreachable', errors: [] }), /live/u);
    assert.match(sentence({ kind: 'failed', reason: 'unreachable', errors: [], live: 3 }), /v3 is still live\.$/u);
    for (const reason of reasons) {
      assert.doesNotMatch(sentence({ kind: 'failed', reason, errors: [] }), /Nothing is live/u);
    }
    assert.match(sentence({ kind: 'failed', reason: 'buildFailed', errors: [], nothingLive: true }), /Nothing is live\.$/u);
    assert.match(sentence({ kind: 'failed', reason: 'unreachable', errors: [], nothingLive: true }), /Nothing is live\.$/u);
    assert.doesNotMatch(sentence({ kind: 'unconfirmed' }), /was deployed/u);
  });

  it('say of a roll back what becomes of the draft', () => {
    const sentence = (draftFollows?: boolean): string => outcomeSentence(deployment({ rollBackTo: 5 }), { kind: 'live', version: 8, ...(draftFollows === undefined ? {} : { draftFollows }) }, undefined);
    assert.match(sentence(), /It holds what v5 held\. The draft keeps its own content/u);
    assert.match(sentence(true), /so does the draft/u);
    assert.match(sentence(false), /does not show that yet/u);
  });

  it('never speak of a roll back as of a deploy, nor advise one', () => {
    const rollBack = deployment({ rollBackTo: 5 });
    const outcomes: readonly Outcome[] = [
      { kind: 'live', version: 8 }, { kind: 'live', version: 9, byOther: true, made: 8 }, { kind: 'live', version: 8, draftFollows: false }, { kind: 'stopped', sent: true }, { kind: 'stopped', sent: false }, { kind: 'unconfirmed' },
      // Of these, a version is always known.
      ...reasons.filter(reason => !['overtaken', 'otherContent', 'versionFailed'].includes(reason)).map((reason): Outcome => ({ kind: 'failed', reason, errors: [], live: 7 })),
      ...reasons.map((reason): Outcome => ({ kind: 'failed', reason, errors: [], live: 7, version: 8 })),
    ];
    for (const outcome of outcomes) {
      const sentence = outcomeSentence(rollBack, outcome, 'It broke.');
      assert.match(sentence, /enrich-profile/u);
      assert.doesNotMatch(sentence, /\{\d\}|v0|deploy again|refused to deploy|was not deployed|deploy call|the deployment/iu);
      assert.doesNotMatch(outcomeWords(rollBack, outcome), /deploy/u);
    }
    const sentence = (reason: FailureReason): string => outcomeSentence(rollBack, { kind: 'failed', reason, errors: [], live: 7 }, 'It broke.');
    assert.match(sentence('notDeployed'), /made no new version of enrich-profile\. Roll back to v5 again\. v7 is still live\.$/u);
    assert.match(sentence('refused'), /^acme-dev refused to roll back enrich-profile to v5\. It broke\. v7/u);
    assert.match(sentence('unreachable'), /^enrich-profile was not rolled back to v5 in acme-dev\. It broke\. v7/u);
    assert.match(sentence('interrupted'), /Roll back again\. v7/u);
  });

  it('deny no save that went before', () => {
    for (const reason of ['liveChanged', 'takenOver', 'draftChanged'] as const) {
      assert.doesNotMatch(outcomeSentence(deployment(), { kind: 'failed', reason, errors: [], live: 7 }, undefined), /nothing was sent/iu);
    }
    assert.match(outcomeSentence(deployment(), { kind: 'live', version: 8, byOther: true }, undefined), /so nothing was deployed from here\.$/u);
  });

  it('name an action that was renamed as whoever began it knows it', () => {
    const renamed = deployment({ actionName: 'new-name', calledBefore: 'old $(x)' });
    for (const outcome of [{ kind: 'live', version: 8 }, { kind: 'unconfirmed' }, { kind: 'failed', reason: 'versionFailed', version: 8, errors: [], live: 7 }] satisfies Outcome[]) {
      assert.match(outcomeSentence(renamed, outcome, 'It broke.'), /new-name.* The action was called old \$\(x\) before\.$/u);
    }
    assert.doesNotMatch(outcomeSentence(deployment({ calledBefore: 'enrich-profile' }), { kind: 'live', version: 8 }, undefined), /before/u);
  });

  it('tell times and triggers', () => {
    assert.deepEqual([0, 7000, 65_000, 3_723_000].map(elapsedWords), ['0:00', '0:07', '1:05', '1:02:03']);
    const now = new Date(2026, 4, 20, 15, 0).getTime();
    assert.equal(whenWords(new Date(2026, 4, 20, 14, 3).toISOString(), now, 'en-GB'), 'today 14:03');
    assert.equal(whenWords(new Date(2026, 4, 19, 9, 12).toISOString().replace('Z', '456789Z'), now, 'en-GB'), 'yesterday 09:12');
    assert.equal(whenWords(new Date(2026, 2, 3, 18, 40).toISOString(), now, 'en-GB'), '3 Mar 2026 18:40');
    assert.match(whenWords(new Date(2026, 4, 20, 0, 3).toISOString(), now, 'en-US'), /^today 00:03$/u);
    assert.equal(whenWords('not a time', now), 'not a time');
    assert.equal(triggerWords('post-user-registration'), 'Post User Registration');
    assert.equal(triggerWords(undefined), 'no trigger');
  });
});
