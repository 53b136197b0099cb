/** The person's own machine-to-machine application: its secret, or its private key, mints tokens whenever one is needed. */
import { ApiError } from '../../auth0/errors.ts';
import { audienceOf } from './credential.ts';
import type { CredentialFacts, Obtained, SignInPorts, Supports, Way } from './credential.ts';
import { TOKEN_PATH, tokenOfAnswer } from './tokenAnswer.ts';

const SUPPORTS: Supports = { renews: true, clientId: true, audience: true, program: false, secretIsToken: false };

/** An assertion is used at once; the service refuses those that live for longer than five minutes. */
const ASSERTION_S = 120;

export const clientSecretWay: Way = {
  kind: 'clientSecret',
  supports: SUPPORTS,
  obtain: (facts, secret, ports, signal) => mint(facts, { client_secret: secret }, ports, signal),
};

export const privateKeyWay: Way = {
  kind: 'privateKey',
  supports: SUPPORTS,
  obtain: async (facts, privateKeyPem, ports, signal) => {
    const clientId = idOf(facts);
    const now = Math.floor(ports.now() / 1000);
    const claims = { iss: clientId, sub: clientId, aud: `${facts.issuer ?? facts.origin}/`, iat: now, exp: now + ASSERTION_S, jti: crypto.randomUUID() };
    const assertion = await ports.sign(claims, privateKeyPem, facts.algorithm ?? 'RS256');
    return mint(facts, { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion }, ports, signal);
  },
};

async function mint(facts: CredentialFacts, proof: Readonly<Record<string, string>>, ports: SignInPorts, signal?: AbortSignal): Promise<Obtained> {
  const askedAt = ports.now();
  const fields = { grant_type: 'client_credentials', client_id: idOf(facts), audience: audienceOf(facts), ...proof };
  return { token: tokenOfAnswer(await ports.post(facts.issuer ?? facts.origin, TOKEN_PATH, fields, signal), askedAt) };
}

function idOf(facts: CredentialFacts): string {
  if (facts.clientId === undefined) {
    throw new ApiError('auth', { method: 'POST', path: TOKEN_PATH, signIn: 'nothingStored' });
  }
  return facts.clientId;
}
