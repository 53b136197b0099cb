/** Answers that are refusals -> kinds and words. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ApiError, PROXY_UNREACHABLE, errorOfAnswer, isApiError, isPassing, isRefusal, neverArrived, unsent } from '../../../src/auth0/errors.ts';
import type { ApiErrorKind } from '../../../src/auth0/errors.ts';
import { asNumber, asObject, asObjects, asText } from '../../../src/auth0/json.ts';
import { isFeatureMissing, isNotBuilt, plain, readableMessage, scopesNamed } from '../../../src/auth0/serviceTexts.ts';
import { sharedFile, skippedFor } from '../support/sharedFile.ts';
import { ALL_KINDS, apiError } from '../support/things.ts';

const ABOUT = { method: 'POST', path: '/api/v2/actions/actions/a1/deploy' };
const OBSERVED = 'api/observed-errors.json';

const KIND_OF_STATUS: Readonly<Record<number, ApiErrorKind>> = {
  400: 'invalid', 401: 'auth', 402: 'invalid', 403: 'forbidden', 404: 'notFound', 405: 'invalid', 407: 'proxy', 408: 'timeout', 409: 'conflict', 410: 'invalid',
  412: 'conflict', 413: 'invalid', 422: 'invalid', 429: 'rateLimited', 500: 'server', 501: 'server', 502: 'server', 503: 'server', 504: 'server', 599: 'server',
};

describe('observed errors', () => {
  const file = sharedFile(OBSERVED);
  const rows = [...asObjects(asObject(file)['management_api']), ...asObjects(asObject(file)['oauth'])].filter(row => (asNumber(row['status']) ?? 0) >= 400);
  if (file === undefined) {
    skippedFor(OBSERVED);
  }
  for (const row of rows) {
    const status = asNumber(row['status']) ?? 0;
    const body = asObject(row['body']);
    const text = asText(body['message']) ?? asText(body['error_description']) ?? '';
    it(`${status} ${text.slice(0, 80)} (${asText(row['when']) ?? asText(row['endpoint']) ?? ''})`.slice(0, 150), () => {
      const error = errorOfAnswer(ABOUT, status, body);
      const expected = text === "A draft must be in the 'built' state before it can be deployed." ? 'notBuilt' : KIND_OF_STATUS[status];
      assert.equal(error.kind, expected);
      assert.equal(error.status, status);
      assert.deepEqual(error.missingScopes, text.endsWith('read:actions') ? ['read:actions'] : []);
      assert.equal(error.featureMissing, body['errorCode'] === 'feature_not_enabled');
      assert.equal((error.serviceMessage ?? '').includes('caused by'), false);
      assert.ok(text.includes(error.serviceMessage ?? '-'), error.serviceMessage);
    });
  }
});

describe('kinds', () => {
  for (const [status, kind] of Object.entries(KIND_OF_STATUS)) {
    it(`${status} is ${kind}, with and without words`, () => {
      for (const body of [undefined, {}, { message: 'x' }, [], 'text', null, { message: 5 }]) {
        assert.equal(errorOfAnswer(ABOUT, Number(status), body).kind, kind);
      }
    });
  }

  it('tells a draft that is not built only by a 400', () => {
    const body = { message: "A draft must be in the 'built' state before it can be deployed." };
    assert.equal(errorOfAnswer(ABOUT, 400, body).kind, 'notBuilt');
    assert.equal(errorOfAnswer(ABOUT, 500, body).kind, 'server');
    assert.equal(isNotBuilt('something else'), false);
  });

  it('passing: those after which a read may be repeated', () => {
    assert.deepEqual(ALL_KINDS.filter(kind => isPassing(apiError(kind))), ['rateLimited', 'malformed', 'timeout', 'network', 'server']);
    assert.equal(isPassing(new Error('x')), false);
  });

  it('refusals: those after which a write has certainly not happened', () => {
    assert.deepEqual(ALL_KINDS.filter(kind => isRefusal(apiError(kind))), ['auth', 'forbidden', 'notFound', 'notBuilt', 'conflict', 'rateLimited', 'invalid', 'proxy']);
    assert.equal(isRefusal(undefined), false);
  });

  it('refusals as well: connections that were never made, and none that broke', () => {
    const network = (serviceMessage?: string): ApiError => new ApiError('network', { ...ABOUT, ...(serviceMessage === undefined ? {} : { serviceMessage }) });
    const unmade = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', PROXY_UNREACHABLE, 'CERT_HAS_EXPIRED', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'];
    const broken = [undefined, '', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'dial tcp: connect: ECONNREFUSED', 'the program said: UNABLE_TO connect'];
    assert.deepEqual([unmade, broken].map(codes => codes.filter(code => neverArrived(network(code)) && isRefusal(network(code)))), [unmade, []]);
    assert.equal(neverArrived(new ApiError('server', { ...ABOUT, serviceMessage: 'ENOTFOUND' })), false);
  });

  it('refusals as well: whatever failed before the request left, or was stopped by a proxy', () => {
    const unmade = ALL_KINDS.map(kind => unsent(apiError(kind)));
    assert.deepEqual(unmade.map(error => [error.kind, isRefusal(error), neverArrived(error)]), ALL_KINDS.map(kind => [kind, true, true]));
    assert.deepEqual(ALL_KINDS.filter(kind => neverArrived(apiError(kind))), ['proxy']);
    const failure = new ApiError('server', { ...ABOUT, status: 503, serviceMessage: 'Down.', retryAfterMs: 5000, missingScopes: ['a'] });
    const same = unsent(failure);
    assert.deepEqual(Object.entries(same).filter(([key]) => key !== 'unsent'), Object.entries(failure).filter(([key]) => key !== 'unsent'));
    assert.deepEqual([same.message, same.cause], [failure.message, failure]);
  });

  it('are told by name, since a bundle has a class of its own', () => {
    const other = Object.assign(new Error('x'), { name: 'ApiError', kind: 'auth' });
    assert.equal(isApiError(other), true);
    assert.equal(isApiError(apiError('auth')), true);
    assert.equal(isApiError(new Error('ApiError')), false);
    assert.equal(isApiError({ name: 'ApiError', kind: 'auth' }), false);
    assert.equal(isApiError(null), false);
  });

  it('say method, path, kind, status and words in the message', () => {
    assert.equal(errorOfAnswer(ABOUT, 404, { message: 'That action does not exist.' }).message, 'POST /api/v2/actions/actions/a1/deploy failed (notFound 404): That action does not exist.');
    assert.equal(new ApiError('network', ABOUT).message, 'POST /api/v2/actions/actions/a1/deploy failed (network)');
  });

  it('keep a body that contradicts the status as the cause', () => {
    assert.match(String(errorOfAnswer(ABOUT, 500, { statusCode: 400 }).cause), /says 400/u);
    assert.equal(errorOfAnswer(ABOUT, 500, { statusCode: 500 }).cause, undefined);
  });

  it('keep the wait that was asked for', () => {
    assert.equal(errorOfAnswer(ABOUT, 429, {}, { retryAfterMs: 2000 }).retryAfterMs, 2000);
    assert.equal(errorOfAnswer(ABOUT, 429, {}).retryAfterMs, undefined);
  });
});

describe('words of the service', () => {
  it('name the scopes that are missing', () => {
    assert.deepEqual(scopesNamed('Insufficient scope, expected any of: read:actions,create:actions'), ['read:actions', 'create:actions']);
    assert.deepEqual(scopesNamed('insufficient scope, expected any of: a:b, c:d'), ['a:b', 'c:d']);
    assert.deepEqual(scopesNamed('Insufficient scope, expected any of: <b>,read:x'), ['read:x']);
    assert.deepEqual(scopesNamed('Insufficient scope'), []);
    assert.deepEqual(scopesNamed('read:actions'), []);
  });

  it('tell a missing feature by its code', () => {
    assert.equal(isFeatureMissing('feature_not_enabled'), true);
    assert.equal(isFeatureMissing('insufficient_scope'), false);
    assert.equal(isFeatureMissing(undefined), false);
  });

  it('are cut to the innermost cause', () => {
    assert.equal(
      readableMessage('invalid A: embedded message failed validation | caused by: invalid B: embedded message failed validation | caused by: invalid C.Name: value length must be between 1 and 128 runes, inclusive'),
      'invalid C.Name: value length must be between 1 and 128 runes, inclusive',
    );
    assert.equal(readableMessage('broken | caused by: '), 'broken | caused by:');
    assert.equal(readableMessage('plain'), 'plain');
  });

  it('lose control characters and those that change direction', () => {
    assert.equal(plain('a\u0000b\u001b[31mc\r\nd\u202Ee\u2028f\u200Bg\u0085h'), 'a b [31mc d e f g h');
    assert.equal(plain('  \n '), '');
  });

  it('are at most 301 characters and one line, whatever the service says', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 1000 }), text => {
      const message = readableMessage(text);
      assert.ok(message.length <= 301);
      assert.doesNotMatch(message, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }));
  });

  it('never throw for any JSON and any status', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.integer({ min: 400, max: 999 }), (body, status) => {
      const error = errorOfAnswer(ABOUT, status, body);
      assert.ok(ALL_KINDS.includes(error.kind));
      assert.ok(error.missingScopes.every(scope => /^[\w:.-]+$/u.test(scope)));
    }), { numRuns: 500 });
    const fields = fc.record({ message: fc.anything(), error: fc.anything(), error_description: fc.anything(), errorCode: fc.anything(), statusCode: fc.anything() }, { requiredKeys: [] });
    fc.assert(fc.property(fields, body => assert.equal(errorOfAnswer(ABOUT, 403, body).kind, 'forbidden')));
  });

  it('take no longer for long hostile ones', () => {
    const hostile = [`Insufficient scope, expected any of: ${'a,'.repeat(50_000)}`, '| caused by:'.repeat(20_000), '\u0000'.repeat(200_000), "draft must be in the 'built".repeat(10_000)];
    for (const message of hostile) {
      assert.equal(errorOfAnswer(ABOUT, 403, { message }).kind, 'forbidden');
    }
  });
});
