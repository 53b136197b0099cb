/** Whether an action is gone for good, where the service has said once that it does not find it. */
import type { CallOptions, ManagementApi } from '../auth0/api.ts';
import { isApiError } from '../auth0/errors.ts';

/** Pages after which a list that never ends is believed to repeat itself. */
const MOST_PAGES = 50;

export function isNotFound(error: unknown): boolean {
  return isApiError(error) && error.kind === 'notFound';
}

/**
 * True when the tenant's list of actions lacks this one. A 404 of its own says less: a gateway that is being changed over
 * answers the same.
 * @throws ApiError where the list cannot be read.
 */
export async function isDeleted(api: Pick<ManagementApi, 'listActions'>, actionId: string, options: CallOptions = {}): Promise<boolean> {
  const seen = new Set<string>();
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, total } = await api.listActions(page, { ...options, priority: 'background' });
    const before = seen.size;
    items.forEach(one => seen.add(one.id.toLowerCase()));
    if (seen.has(actionId.toLowerCase())) {
      return false;
    }
    if (seen.size === before || seen.size >= (total ?? Number.POSITIVE_INFINITY)) {
      break;
    }
  }
  return true;
}
