/** Why there is no token to send, as far as anybody can tell. Words for each are in the user interface. */
export type SignInProblem =
  | 'nothingStored' // no secret of this tenant on this machine
  | 'noAnswer' // whoever keeps the secret, or gives the token, has not answered: a keyring may wait for a person
  | 'ended' // the token has ended, and only a person can get another
  | 'secret' // unknown client id, or a wrong secret
  | 'assertion' // the signed assertion was refused: another key, or a wrong clock
  | 'key' // the private key cannot be read, or does not fit the algorithm
  | 'audience' // there is no API with this audience
  | 'grant' // the application is not authorized for the API
  | 'grantType' // the application may not sign in this way
  | 'refused' // refused by the person who was asked, or by a rule
  | 'codeExpired' // the code was not entered in time
  | 'untrusted' // no program is run in a workspace that is not trusted
  | 'noProgram' // the program is not on the path
  | 'programSignedOut' // the program has no session for this tenant
  | 'programFailed' // the program ended without an answer
  | 'other';
