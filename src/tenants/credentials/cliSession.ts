import type { Way } from './credential.ts';

/**
 * The session of the vendor's own program: each request is a run of its `api` command. Its tokens stay where it keeps
 * them; nothing of them is read.
 */
export const cliWay: Way = {
  kind: 'cli',
  supports: { renews: true, clientId: false, audience: false, program: true, secretIsToken: false },
  obtain: () => Promise.resolve(undefined),
};
