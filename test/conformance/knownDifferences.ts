/**
 * Where the simulated tenant departs from what was recorded or documented, and why. A difference that is not here
 * fails a test, and so does an entry that no longer occurs.
 */
import type { Finding } from './replay/replayer.ts';
import { isObject, objects } from './replay/recordings.ts';
import type { Violation } from './replay/schema.ts';

export interface KnownDifference {
  readonly reason: string;
  readonly covers: (finding: Finding) => boolean;
}

const INSTALLED: ReadonlySet<string> = new Set([
  'bindings[].action ["installed_integration_id","integration"] []',
  'bindings[].action.current_version [] ["code","number","build_time"]',
  'bindings[].action.deployed_version [] ["number","built_at","supported_triggers"]',
  'bindings[].action.supported_triggers[] ["status"] []',
]);

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason: 'An action that names no runtime gets the default of its time: node16 in 2022, node18-actions in 2023, node22 today. The simulated tenant is one of today.',
    covers: ({ kind }) => kind === 'default runtime',
  },
  {
    reason: 'The list of triggers grew from 13 in 2022 to 20 in 2026, and its runtimes changed. The simulated tenant has the list of 2026, which has mcp-tool; lists that have it too are compared in full.',
    covers: ({ method, path, at, interaction: { responseBody } }) =>
      method === 'GET' && path === '/triggers' && at.startsWith('triggers') && !objects(isObject(responseBody) ? responseBody['triggers'] : []).some(trigger => trigger['id'] === 'mcp-tool'),
  },
  {
    reason: 'One recorded tenant has an action installed from the marketplace. Such actions cannot be made through this API, so an ordinary one stands in for it.',
    covers: ({ kind, path, at, recorded, actual }) => kind === 'keys' && path === '/triggers/post-login/bindings' && INSTALLED.has(`${at} ${JSON.stringify(recorded)} ${JSON.stringify(actual)}`),
  },
];

export interface KnownDeviation {
  readonly reason: string;
  readonly covers: (violation: Violation) => boolean;
}

/** Where the recordings, which win, are not as the OpenAPI document says. */
export const KNOWN_DEVIATIONS: readonly KnownDeviation[] = [
  { reason: 'Deploying answers 200 in every recording; 202 is documented.', covers: ({ path, problem }) => path.endsWith('/deploy') && problem === '200 instead of 202' },
  { reason: 'An action has a current_version beside its deployed_version; only the latter is documented.', covers: ({ at, problem }) => at.endsWith('current_version') && problem === 'is not documented' },
  { reason: 'Log sessions and the tenant log are not part of the document.', covers: ({ path, problem }) => (path === '/actions/log-sessions' || path === '/logs') && problem === 'is not documented' },
  { reason: 'The service lists a trigger mcp-tool that the document does not name.', covers: ({ at, problem }) => at.endsWith('.id') && problem === '"mcp-tool" is not in its list' },
];
