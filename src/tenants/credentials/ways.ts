import { accessTokenWay } from './accessToken.ts';
import { cliWay } from './cliSession.ts';
import { clientSecretWay, privateKeyWay } from './clientCredentials.ts';
import type { CredentialKind, Way } from './credential.ts';
import { deviceWay } from './deviceCode.ts';

/** Every way in, by its kind. */
export const WAYS: Readonly<Record<CredentialKind, Way>> = {
  clientSecret: clientSecretWay,
  privateKey: privateKeyWay,
  accessToken: accessTokenWay,
  cli: cliWay,
  device: deviceWay,
};

/** True for a text that names a way in, as it may stand in what is remembered. */
export function isCredentialKind(kind: unknown): kind is CredentialKind {
  return typeof kind === 'string' && Object.hasOwn(WAYS, kind);
}
