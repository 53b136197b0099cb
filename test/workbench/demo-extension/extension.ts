// Installed for the demo only, beside the product: it does what a person would do first, so the product needs no switch for a demo.
import * as vscode from 'vscode';

const ATTEMPTS = 40;
const PAUSE_MS = 500;

export async function activate(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAuxiliaryBar');
  await whenThere('auth0Actions.openDemoTenant');
  await whenThere('auth0Actions.explorer.focus');
}

/** The other extension may still be on its way; its command is there when it is. */
async function whenThere(command: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await vscode.commands.executeCommand(command);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    }
  }
}
