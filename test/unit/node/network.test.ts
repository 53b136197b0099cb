/** Certificates and proxies over the real node-fetch: what arrives, and the words for it. Where tests run inside VS Code, test/host/network does the same behind a proxy. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ApiError, isApiError } from '../../../src/auth0/errors.ts';
import type { ManagementApi } from '../../../src/auth0/api.ts';
import { RequestLane } from '../../../src/auth0/requestLane.ts';
import { connectTenant } from '../../../src/node/network.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { startSimulator } from '../../../src/simulator/index.ts';
import { errorWords } from '../../../src/ui/errorWords.ts';
import { makeAuthority, makeServerCertificate } from '../../support/certificates.ts';
import type { Pair } from '../../support/certificates.ts';

const HOST = 'localhost';

function connected(origin: string, token = 'a-token'): ManagementApi {
  return connectTenant({ origin, token: () => Promise.resolve(token), clock: systemClock, userAgent: 'test' });
}

async function failure(work: Promise<unknown>): Promise<ApiError> {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  assert.ok(isApiError(error), String(error));
  return error;
}

describe('a certificate', () => {
  const usual = getCACertificates('default');
  let known: Pair | undefined;
  let unknown: Pair | undefined;
  before(async () => {
    [known, unknown] = await Promise.all([makeAuthority('Known authority'), makeAuthority('Unknown authority')]);
    setDefaultCACertificates([...usual, known.cert]);
  });
  after(() => setDefaultCACertificates(usual));

  /** A read of a tenant that shows this certificate. */
  async function read(pair: Pair): Promise<unknown> {
    const simulator = await startSimulator({ tls: pair });
    try {
      return await connected(simulator.url.replace('127.0.0.1', HOST), simulator.token).listActions(0);
    } finally {
      await simulator.close();
    }
  }

  it('of a known authority is good', async () => {
    assert.ok(await read(await makeServerCertificate(HOST, known)));
  });

  const cases: readonly { readonly of: string; readonly make: () => Promise<Pair>; readonly code: string; readonly words: RegExp }[] = [
    { of: 'an unknown authority', make: () => makeServerCertificate(HOST, unknown), code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', words: /not trusted .*NODE_EXTRA_CA_CERTS/u },
    { of: 'an unknown authority, sent along', make: () => makeServerCertificate(HOST, unknown, { wholeChain: true }), code: 'SELF_SIGNED_CERT_IN_CHAIN', words: /not trusted .*NODE_EXTRA_CA_CERTS/u },
    { of: 'nobody but itself', make: () => makeServerCertificate(HOST, undefined), code: 'DEPTH_ZERO_SELF_SIGNED_CERT', words: /not trusted .*NODE_EXTRA_CA_CERTS/u },
    { of: 'days gone by', make: () => makeServerCertificate(HOST, known, { days: -2 }), code: 'CERT_HAS_EXPIRED', words: /out of date .*clock of this machine/u },
    { of: 'another host', make: () => makeServerCertificate('elsewhere.test', known), code: 'ERR_TLS_CERT_ALTNAME_INVALID', words: /belongs to another host/u },
  ];
  for (const { of, make, code, words } of cases) {
    it(`of ${of} is told in words, with ${code}`, async () => {
      const error = await failure(read(await make()));
      assert.deepEqual([error.kind, error.serviceMessage], ['network', code]);
      const { text } = errorWords(error, 'acme-dev');
      assert.match(text, words);
      assert.ok(text.includes('acme-dev') && text.includes(code), text);
    });
  }

  it('has words for every other reason that OpenSSL gives', () => {
    const reasons = ['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_GET_CRL', 'UNABLE_TO_DECRYPT_CERT_SIGNATURE', 'CERT_SIGNATURE_FAILURE', 'CERT_CHAIN_TOO_LONG', 'CERT_REVOKED',
      'INVALID_CA', 'INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED', 'CERT_UNTRUSTED', 'CERT_REJECTED', 'HOSTNAME_MISMATCH'];
    for (const code of reasons) {
      assert.match(errorWords(new ApiError('network', { method: 'GET', path: '/x', serviceMessage: code }), 'acme-dev').text, /not trusted/u, code);
    }
    assert.match(errorWords(new ApiError('network', { method: 'GET', path: '/x', serviceMessage: 'CERT_NOT_YET_VALID' }), 'acme-dev').text, /out of date/u);
  });
});

describe('a proxy', () => {
  it('that asks for a name and a password is told of, once, and not as a refusal of the tenant', async () => {
    // VS Code hands the proxy's answer to CONNECT over as if it were the tenant's.
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(407, { 'content-type': 'text/html', 'proxy-authenticate': 'Basic realm="company"' }).end('<html></html>');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    try {
      const error = await failure(connected(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).listActions(0));
      assert.deepEqual([error.kind, error.status, asked], ['proxy', 407, 1]);
      assert.match(errorWords(error, 'acme-dev').text, /proxy between this machine and acme-dev asks for a user name and a password\. .*http\.proxy/u);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('that cannot be reached is told apart from a tenant that cannot', async () => {
    // The sentence that VS Code throws; it has no code.
    const sentence = 'request to https://acme-dev.eu.auth0.test/ failed, reason: Failed to establish a socket connection to proxies: PROXY 127.0.0.1:9';
    const lane = new RequestLane({ send: () => Promise.reject(new Error(sentence)), clock: systemClock, attempts: 1 });
    const error = await failure(lane.request({ method: 'GET', url: 'https://acme-dev.eu.auth0.test/', headers: {} }));
    assert.equal(error.kind, 'network');
    assert.match(errorWords(error, 'acme-dev').text, /proxy on the way to acme-dev cannot be reached/u);
  });
});
