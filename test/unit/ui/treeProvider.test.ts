/** The tree as VS Code asks for it: changes and fetches that cross each other. */
import assert from 'node:assert/strict';
import type { Page, Version } from '../../../src/auth0/api.ts';
import { Log } from '../../../src/ui/log.ts';
import { TreeProvider } from '../../../src/ui/tree/treeProvider.ts';
import type { Row } from '../../../src/ui/tree/rows.ts';
import { TENANT, stateOver } from '../support/appState.ts';
import { action, version } from '../support/things.ts';

interface Shown {
  readonly tree: TreeProvider;
  readonly row: Row;
  /** Ids of rows that have changed, in order. */
  readonly fired: string[];
  /** Resolves at the next change. */
  readonly next: () => Promise<void>;
  /** Lets the versions arrive. */
  readonly answer: () => void;
}

/** A tenant with one action, whose row VS Code has drawn, and whose versions wait to be answered. */
async function shown(): Promise<Shown> {
  let arrive: (page: Page<Version>) => void = () => undefined;
  const versions = new Promise<Page<Version>>(resolve => {
    arrive = resolve;
  });
  const state = stateOver({
    listActions: () => Promise.resolve({ items: [action('a', { triggers: [] })], total: 1 }),
    listVersions: () => versions,
  });
  const tree = new TreeProvider(state, new Log());
  const fired: string[] = [];
  const waiting: (() => void)[] = [];
  tree.onDidChangeTreeData(row => {
    fired.push(row?.id ?? '');
    for (const resolve of waiting.splice(0)) {
      resolve();
    }
  });
  const [root] = await tree.rowsBelow();
  const [row] = await tree.rowsBelow(root);
  assert.ok(row);
  tree.itemOf(row);
  return {
    tree, row, fired,
    next: () => new Promise(resolve => waiting.push(resolve)),
    answer: () => arrive({ items: [version(1)], total: 1 }),
  };
}

describe('the tree in VS Code', () => {
  it('holds back the change of a row while the rows below it are fetched, and tells of it afterwards', async () => {
    const { tree, row, fired, next, answer } = await shown();
    const children = tree.getChildren(row);
    tree.refreshRow(TENANT, 'a');
    tree.refreshRow(TENANT);
    assert.deepEqual(fired, []);
    const told = next();
    answer();
    assert.equal((await children)[0]?.kind, 'version');
    assert.deepEqual(fired, []);
    await told;
    assert.deepEqual(fired.sort(), [TENANT, `${TENANT}/a`]);
  });

  it('hands nothing over for a node that VS Code has replaced meanwhile, and makes it ask again', async () => {
    const { tree, row, fired, next, answer } = await shown();
    const children = tree.getChildren(row);
    tree.getTreeItem(row);
    const told = next();
    answer();
    assert.deepEqual(await children, []);
    await told;
    assert.deepEqual(fired, [`${TENANT}/a`]);
    assert.equal((await tree.getChildren(row))[0]?.kind, 'version');
  });

  it('draws the rest although a tenant does not answer', async () => {
    const { tree, row, fired, next } = await shown();
    void tree.getChildren(row);
    tree.refreshRow(TENANT);
    await next();
    assert.deepEqual(fired, [TENANT]);
  });

  it('tells at once of a change that crosses nothing', async () => {
    const { tree, fired } = await shown();
    tree.refreshRow(TENANT, 'a');
    assert.deepEqual(fired, [`${TENANT}/a`]);
  });
});
