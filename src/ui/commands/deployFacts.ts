/** What the questions before a deploy go by. */
import type { Finding } from '../../actions/checks/check.ts';
import type { Action } from '../../auth0/api.ts';
import type { TenantRef } from '../../auth0/tenantRef.ts';
import type { Parts } from './parts.ts';

/** What the checks find that breaks logins or the build. */
export async function errorsIn(parts: Parts, tenant: TenantRef, action: Action): Promise<readonly Finding[]> {
  return (await parts.checks.findingsFor(tenant, action, action.code)).filter(finding => finding.severity === 'error');
}

/** True where a deploy would make a version that holds what is live. */
export function isUnchanged(action: Action): boolean {
  return action.status === 'built' && action.allChangesDeployed;
}
