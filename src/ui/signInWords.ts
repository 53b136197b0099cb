/** Why a tenant gives no token, and what to do, in words. */
import { l10n } from 'vscode';
import type { ApiError } from '../auth0/errors.ts';
import { short } from './texts.ts';

/** A clock that is wrong by less than this makes no difference to a token. */
const SKEW_MS = 60_000;

/** A few words for a row, and whole sentences. */
export function signInWords(error: ApiError, tenant: string): { readonly title: string; readonly text: string } {
  const clock = clockWords(error.skewMs);
  const { title, text } = problemWords(error, tenant);
  return { title, text: clock === undefined ? text : `${text} ${clock}` };
}

function problemWords(error: ApiError, tenant: string): { readonly title: string; readonly text: string } {
  const title = l10n.t('Not signed in');
  switch (error.signIn) {
    case undefined: return { title, text: l10n.t('{0} does not accept the access token: it is missing, expired or made for something else. Connect again with a new one.', tenant) };
    case 'nothingStored': return { title, text: l10n.t('No sign-in for {0} is kept on this machine. Connect again.', tenant) };
    case 'noAnswer': return { title, text: l10n.t('The sign-in for {0} could not be read in time. The keyring of this machine may be waiting to be unlocked: unlock it, then try again.', tenant) };
    case 'ended': return { title, text: l10n.t('The sign-in for {0} has ended. Connect again.', tenant) };
    case 'secret': return { title, text: l10n.t('{0} does not know this client ID with this secret. Check both in the Dashboard, under the application\'s settings.', tenant) };
    case 'assertion': return { title, text: l10n.t('{0} does not accept what was signed with the private key. Check that its public key is registered for the application, and the algorithm.', tenant) };
    case 'key': return { title, text: l10n.t('The private key for {0} cannot be used. It has to be an RSA key of 2,048 bits or more, in PEM form and without a passphrase.', tenant) };
    case 'audience': return { title, text: l10n.t('{0} has no API with this audience. With a custom domain, the audience is that of the canonical domain: https://TENANT.REGION.auth0.com/api/v2/', tenant) };
    case 'grant': return { title, text: l10n.t('The application is not authorized for the Management API of {0}. Authorize it in the Dashboard, under the API\'s Machine to Machine Applications.', tenant) };
    case 'grantType': return { title, text: l10n.t('The application may not sign in to {0} this way. Allow the grant type in the Dashboard, under the application\'s advanced settings.', tenant) };
    case 'refused': return { title, text: l10n.t('The sign-in to {0} was refused.', tenant) };
    case 'codeExpired': return { title, text: l10n.t('The code for {0} was not entered in time. Connect again for a new one.', tenant) };
    case 'untrusted': return { title: l10n.t('Workspace not trusted'), text: l10n.t('{0} is connected through the auth0 program, and no program is run in a workspace that is not trusted. Trust the workspace, or connect in another way.', tenant) };
    case 'noProgram': return { title: l10n.t('Program not found'), text: l10n.t('{0} is connected through the auth0 program, which is not on the PATH. Install it, set auth0Actions.cliPath, or connect in another way.', tenant) };
    case 'programSignedOut': return { title, text: l10n.t('The auth0 program has no session for {0}. Run "auth0 login" in a terminal, then try again.', tenant) };
    case 'programFailed': return { title, text: l10n.t('The auth0 program ended without an answer from {0}. The log says more.', tenant) };
    case 'other': return { title, text: l10n.t('{0} refused the sign-in: {1}', tenant, short(error.serviceMessage ?? error.oauthError ?? '?', 300)) };
  }
}

/** A wrong clock makes good tokens look expired, and assertions not valid yet. */
function clockWords(skewMs: number | undefined): string | undefined {
  if (skewMs === undefined || Math.abs(skewMs) < SKEW_MS) {
    return undefined;
  }
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  return skewMs > 0
    ? l10n.t('This machine\'s clock is {0} minutes behind the service\'s: set it right.', minutes)
    : l10n.t('This machine\'s clock is {0} minutes ahead of the service\'s: set it right.', minutes);
}
