import type { QuickPick, QuickPickItem } from 'vscode';

/** Gives an open list new items without moving the person who is in it: VS Code would go back to the first. */
export function replaceItems<T extends QuickPickItem>(pick: QuickPick<T>, items: readonly T[], key: (item: T) => string | undefined): void {
  const active = pick.activeItems[0];
  const at = active === undefined ? undefined : key(active);
  pick.keepScrollPosition = true;
  pick.items = items;
  const same = at === undefined ? undefined : items.find(item => key(item) === at);
  if (same !== undefined) {
    pick.activeItems = [same];
  }
}
