/** All actions of a tenant with their code, which its catalog does not keep. */
import type { Action, CallOptions, ManagementApi } from '../auth0/api.ts';

/** Pages that are read at most: a list whose pages never end. */
const MOST_PAGES = 200;

/** All actions of a tenant with their code, a hundred to a request. Rejects with an ApiError. */
export async function readAllActions(api: Pick<ManagementApi, 'listActions'>, options: CallOptions = {}): Promise<readonly Action[]> {
  const found = new Map<string, Action>();
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, total } = await api.listActions(page, options);
    const known = found.size;
    items.forEach(action => found.set(action.id, action));
    if (found.size === known || found.size >= (total ?? Number.POSITIVE_INFINITY)) {
      break;
    }
  }
  return [...found.values()];
}
