// The first minute of a new user: the view, its welcome, the demo tenant and an action in it.
import { useWorkbench } from './support.ts';

describe('a new user', () => {
  const workbench = useWorkbench();

  it('finds a view that says what to do', async () => {
    await workbench().openView('Actions for Auth0');
    await workbench().sideBar.locator('.welcome-view-content .monaco-button').first().waitFor();
  });

  it('opens the demo tenant and sees its actions', async () => {
    const w = workbench();
    await w.runCommand('Auth0 Actions: Open Demo Tenant');
    await w.treeRow('demo').waitFor();
    await w.expand('demo');
    await w.treeRow('enrich-profile').waitFor();
    await w.screenshot('e2e-demo-tenant');
  });

  it('finds everything again after the window was reloaded', async () => {
    const w = workbench();
    await w.openRow('enrich-profile');
    await Promise.all([w.page.waitForEvent('load'), w.runCommand('Developer: Reload Window')]);
    await w.page.locator('.monaco-workbench').waitFor();
    await w.treeRow('enrich-profile').waitFor();
    await w.page.locator('.monaco-editor .view-lines', { hasText: 'onExecutePostLogin' }).waitFor();
  });
});
