import { constants, createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { ApiError } from '../auth0/errors.ts';
import type { Algorithm } from '../tenants/credentials/credential.ts';

const DIGEST: Readonly<Record<Algorithm, string>> = { RS256: 'sha256', RS384: 'sha384', PS256: 'sha256' };
const signAsync = promisify(sign);

/**
 * A JSON Web Token (RFC 7515, compact) signed with an RSA key in PEM, PKCS #1 or PKCS #8.
 * @throws ApiError `auth` with signIn `key` for a key that cannot be read, is encrypted, or is not RSA of 2048 bits at least.
 */
export async function signToken(claims: Readonly<Record<string, unknown>>, privateKeyPem: string, algorithm: Algorithm): Promise<string> {
  const key = readKey(privateKeyPem);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: algorithm, typ: 'JWT' })}.${part(claims)}`;
  const padding = algorithm === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : { padding: constants.RSA_PKCS1_PADDING };
  const signature = await signAsync(DIGEST[algorithm], Buffer.from(unsigned), { key, ...padding });
  return `${unsigned}.${signature.toString('base64url')}`;
}

function readKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Its message may quote the key: it goes no further.
  }
  if (key?.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new ApiError('auth', { method: 'POST', path: '/oauth/token', signIn: 'key' });
  }
  return key;
}
